import type { Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';

/** What undici's dispatchers have, beyond what its types say of them. */
interface Ending extends Pick<Dispatcher, 'dispatch'> {
  readonly destroyed?: boolean;
  close(callback?: () => void): Promise<void>;
  destroy(error?: unknown, callback?: () => void): Promise<void>;
}

/** The same dispatcher with another `dispatch`. Its end comes for the requests that wait for a token too. */
export function composed<D extends Dispatcher>(
  dispatcher: D,
  dispatch: Dispatcher['dispatch'],
  undecided: readonly Exchange[],
): D {
  const inner = dispatcher as unknown as Ending;
  const fail = (error: unknown): void => [...undecided].forEach((exchange) => exchange.fail(error));
  let closing: Promise<unknown> | undefined;
  const own: Ending = {
    dispatch,
    close(...parameters) {
      if (undecided.length === 0) return inner.close(...parameters);
      closing ??= Promise.all(undecided.map((exchange) => exchange.decided()));
      const closed = closing.then(() => (inner.destroyed ? undefined : inner.close()));
      const [onClosed] = parameters;
      return closed.then(onClosed);
    },
    destroy(...parameters) {
      const destroyed = inner.destroy(...parameters);
      const [reason] = parameters;
      if (typeof reason === 'object' && reason !== null) fail(reason);
      // undici itself says why it takes no request any more.
      else inner.dispatch({} as never, { onRequestStart() {}, onResponseError: (_, error) => fail(error) });
      return destroyed;
    },
  };
  return new Proxy(dispatcher, {
    get: (target, key): unknown => Reflect.get(Object.hasOwn(own, key) ? own : target, key),
  });
}
