import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import { Authorizer, wrongClient } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';
import { composed } from './composed.ts';
import type { Exchange } from './exchange.ts';
import { send } from './send.ts';

/**
 * Composes an undici dispatcher whose requests to the allowed origins carry a valid token. A 401 that another token can put
 * right is answered with one, once.
 *
 * @param dispatcher - an `Agent`, `Pool`, `Client` or any other dispatcher; undici's own `fetch` and that of Node use the
 * composed one after `setGlobalDispatcher`.
 * @param source - where the tokens come from: `createTokenSource` makes one.
 * @param options - `origins` that may get the token; a `Client` or `Pool` has its own; `refused`, `scheme` and `replace`.
 * @returns a composed dispatcher; the one that you pass does not change. Beyond the errors of undici, its requests fail
 * with a `TokenError` when no token can be acquired.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no dispatcher, no source or no origin, or an option is
 * malformed or does not exist.
 * @example
 * ```ts
 * const api = bearerAuth(new Agent(), source, { origins: ['https://api.example.com'] });
 * const { body } = await request('https://api.example.com/orders', { dispatcher: api });
 * ```
 */
export function bearerAuth<D extends Dispatcher>(dispatcher: D, source: TokenSource, options?: BearerAuthOptions): D {
  // Bun resolves `undici` to a stub of its own, whose dispatchers do nothing.
  const stub = 'Bun' in globalThis ? ' (Bun has a stub in place of undici: use @tokenline/fetch there)' : '';
  if (!dispatcher?.compose) throw wrongClient(`an undici dispatcher${stub}`);
  const base = originOf(dispatcher);
  const authorizer = new Authorizer(source, base, options);
  const undecided: Exchange[] = [];
  const sender = dispatcher.compose(
    (inner) => (request, handler) => send({ authorizer, dispatch: inner, base, undecided }, request, handler),
  );
  return composed(dispatcher, sender.dispatch.bind(sender), undecided);
}

/** The one origin of a `Client` or a `Pool`, which they keep behind a symbol. */
function originOf(dispatcher: object): string | undefined {
  const symbol = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === 'url');
  const url: unknown = symbol && (dispatcher as Record<symbol, unknown>)[symbol];
  return url instanceof URL ? url.origin : undefined;
}
