const inspect = Symbol.for('nodejs.util.inspect.custom');

const shown: PropertyDescriptor = {
  configurable: true,
  value(this: Readonly<Record<string, unknown>>): object {
    const { method, protocol, host, path } = this;
    return { method, protocol, host, path };
  },
};

/** A request of Node's. */
interface Sent {
  once(event: 'socket', listener: (socket: object) => void): void;
}

/** What is written to a socket before it is connected: it stays there if it never is. */
function concealPending(socket: object): void {
  if (Object.hasOwn(socket, '_pendingData')) Reflect.defineProperty(socket, '_pendingData', { enumerable: false });
}

/**
 * Keeps the headers of a request that was sent out of logs. Responses and errors of clients hold Node's own request: its headers
 * can still be read by `getHeader()`, but are not printed, and are not in the text that went over the wire once that is gone.
 */
export function conceal(request: unknown): void {
  if (typeof request !== 'object' || request === null) return;
  if (!Object.hasOwn(request, inspect)) (request as Partial<Sent>).once?.('socket', concealPending);
  for (const name of [inspect, 'toJSON']) Reflect.defineProperty(request, name, shown);
  const text: unknown = Reflect.get(request, '_header');
  // Before the answer, Node may still need it.
  if (typeof text === 'string' && Reflect.get(request, 'res'))
    Reflect.set(request, '_header', text.replaceAll(/^(authorization|dpop): .*/gim, '$1: [redacted]'));
}

const redacted: PropertyDescriptor = {
  configurable: true,
  value(this: object): object {
    const entries = Object.entries(this).map(([name, value]) => [name, secret.test(name) ? '[redacted]' : value]);
    return Object.fromEntries(entries) as object;
  },
};
const secret = /^(?:authorization|dpop)$/i;

/** Keeps the token out of logs of the headers that a request was made with: Node's sockets hold them, too. */
export function concealHeaders(headers: object | undefined): void {
  if (headers) for (const name of [inspect, 'toJSON']) Reflect.defineProperty(headers, name, redacted);
}
