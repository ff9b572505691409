import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import { Authorizer, followsByHand, wrongClient } from '@tokenline/core/adapter';
import type { KyInstance } from 'ky';
import { attachCause, type Origin, remember, type Send, send } from './send.ts';

/** The options of an instance, as far as they matter here. The base URL has had three names. */
interface Parent {
  readonly fetch?: Send;
  readonly prefix?: string | URL;
  readonly prefixUrl?: string | URL;
  readonly baseUrl?: string | URL;
}

/** What hooks are called with: ky 2 passes one object, ky 1 passes a request and its options, or the error. */
type State = Request | { readonly request: Request; readonly options: Origin };
type Failed = Parameters<typeof attachCause>[0];

/**
 * Extends a ky instance so that its requests to its base URL carry a valid token. A 401 that another token can put right is
 * answered with one, once. For a single request, pass `context: { bearerAuth: false }` to send no token, or
 * `context: { bearerAuth: { scope: 'orders.write' } }` to send another one.
 *
 * @param source - where the tokens come from: `createTokenSource` makes one.
 * @param options - `origins` for an instance without a base URL, or for more origins than its own; `refused`, `scheme` and `replace`.
 * @returns an extended instance; the one that you pass does not change. Beyond the errors of ky, its requests reject with
 * a `TokenError` when no token can be acquired.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no ky instance, no source or no origin, or an option is
 * malformed or does not exist.
 * @example
 * ```ts
 * const api = bearerAuth(ky.create({ prefix: 'https://api.example.com' }), source);
 * const orders = await api('orders').json();
 * ```
 */
export function bearerAuth<Ky extends KyInstance>(client: Ky, source: TokenSource, options?: BearerAuthOptions): Ky {
  if (typeof client?.extend !== 'function') throw wrongClient('a ky instance');
  const extend = client.extend as unknown as (options: (parent: Parent) => object) => Ky;
  return extend((parent) => {
    const bases = [parent.prefix, parent.prefixUrl, parent.baseUrl].filter(Boolean).map(String);
    const authorizer = new Authorizer(source, bases.find((base) => URL.canParse(base)) ?? bases[0], options);
    // Looked up at every call, where ky would use the global one.
    const fetch: Send = parent.fetch ?? ((request, init) => globalThis.fetch(request, init));
    const sender = {
      authorizer,
      fetch,
      get byHand() {
        return followsByHand(authorizer, parent.fetch ?? globalThis.fetch);
      },
    };
    return {
      fetch: (request: Request, init?: RequestInit) => send(sender, request, init),
      hooks: { beforeRequest: [note], beforeRetry: [note], beforeError: [explain] },
    };
  });
}

function note(state: State, options: Origin = {}): void {
  if ('options' in state) remember(state.request, state.options);
  else remember(state, options);
}

function explain(state: Failed | { readonly error: Failed }): Error {
  return attachCause('error' in state ? state.error : state);
}
