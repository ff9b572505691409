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
 * can still be read there, but are not printed. Never throws.
 */
export function conceal(sent: object): void {
  Reflect.defineProperty(sent, inspect, shown);
}
