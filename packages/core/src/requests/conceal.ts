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
  const sent = request as { _header?: unknown; readonly res?: unknown };
  const { _header: text, res: answer } = sent;
  if (typeof text === 'string' && answer)
    sent._header = text.replaceAll(/^(authorization|dpop): .*/gim, '$1: [redacted]');
}
