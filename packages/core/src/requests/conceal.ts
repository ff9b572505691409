const inspect = Symbol.for('nodejs.util.inspect.custom');

const shown: PropertyDescriptor = {
  configurable: true,
  value(this: Readonly<Record<string, unknown>>): object {
    const { method, protocol, host, path } = this;
    return { method, protocol, host, path };
  },
};

/**
 * Keeps the headers of a request that was sent out of logs. Responses and errors of clients hold Node's own request: its headers
 * can still be read by `getHeader()`, but are not printed, and are not in the text that went over the wire once that is gone.
 */
export function conceal(request: unknown): void {
  if (typeof request !== 'object' || request === null) return;
  Reflect.defineProperty(request, inspect, shown);
  const text: unknown = Reflect.get(request, '_header');
  // Before the answer, Node may still need it.
  if (typeof text === 'string' && Reflect.get(request, 'res'))
    Reflect.set(request, '_header', text.replaceAll(/^(authorization|dpop): .*/gim, '$1: [redacted]'));
}
