import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import { bearerAuth } from '@tokenline/undici';
import undici, { type Dispatcher } from 'undici';

export type Exports = Record<string, unknown>;
type DispatcherClass = new (...parameters: unknown[]) => Dispatcher;

/** All of undici, where every dispatcher that a test makes is attached, and the global one as well. */
export function attachedUndici(source: TokenSource, options: BearerAuthOptions, own = false): Exports {
  const attached: Exports = Object.create(undici);
  for (const [name, exported] of Object.entries(undici)) {
    if (isDispatcherClass(exported))
      attached[name] = new Proxy(exported, { construct: (...made) => attach(Reflect.construct(...made), own) });
  }
  undici.setGlobalDispatcher(attach(undici.getGlobalDispatcher(), own));
  return attached;

  /** Keeps the dispatcher itself, so that the composed one's being a proxy makes no difference. */
  function attach(dispatcher: Dispatcher, ownOrigin: boolean): Dispatcher {
    const compose = dispatcher.compose.bind(dispatcher);
    // Without its symbols, it has no origin of its own.
    const composed = bearerAuth(ownOrigin ? dispatcher : ({ compose } as Dispatcher), source, options);
    dispatcher.dispatch = (request, handler) => composed.dispatch(request, handler);
    return dispatcher;
  }
}

function isDispatcherClass(exported: unknown): exported is DispatcherClass {
  return typeof exported === 'function' && exported.prototype instanceof undici.Dispatcher;
}
