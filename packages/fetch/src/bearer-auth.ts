import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import { Authorizer, followsByHand, wrongClient } from '@tokenline/core/adapter';
import { withHeaders } from './headers.ts';
import { type Send, send, type Sender } from './send.ts';

/** Any `fetch`: the global one, that of a library, or one of your own. */
export type Fetch = (...parameters: never[]) => Promise<Pick<Response, 'status' | 'url'>>;

/**
 * Wraps a `fetch` so that its requests to the allowed origins carry a valid token. A 401 that another token can put right is
 * answered with one, once.
 *
 * @param source - where the tokens come from: `createTokenSource` makes one.
 * @param options - `origins` that may get the token: required, since `fetch` has no base URL; `refused`, `scheme` and `replace`.
 * @returns a function of the same type. Beyond the errors of `fetch`, it rejects with a `TokenError` when no token
 * can be acquired.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no function, no source or no origin, or an option is malformed or
 * does not exist.
 * @example
 * ```ts
 * const api = bearerAuth(fetch, source, { origins: ['https://api.example.com'] });
 * const response = await api('https://api.example.com/orders');
 * ```
 */
export function bearerAuth<F extends Fetch>(fetch: F, source: TokenSource, options?: BearerAuthOptions): F {
  if (typeof fetch !== 'function') throw wrongClient('a fetch function');
  const authorizer = new Authorizer(source, undefined, options);
  const sender: Sender = {
    authorizer,
    fetch: fetch as unknown as Send,
    byHand: followsByHand(authorizer, fetch),
  };
  const authorized: Send = (input, init) => {
    try {
      // Whatever has a `url` besides, `fetch` takes for text.
      const isRequest = typeof input === 'object' && 'clone' in input;
      const target = isRequest ? input : String(input);
      return send(sender, target, copyOf(init));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  // What else it has, such as `preconnect`, its type promises.
  return Object.setPrototypeOf(authorized, fetch) as F;
}

/**
 * Copies the options at the call: the caller may change them while the token is waited for, and use them again. Those that are
 * inherited count, because a `Request` is options, too; those that are `undefined` do not.
 */
function copyOf(init: RequestInit | null | undefined): RequestInit {
  const copy: Record<string, unknown> = {};
  for (const name in init) {
    const value: unknown = init[name as keyof RequestInit];
    if (value !== undefined) copy[name] = value;
  }
  const { headers, body } = copy as RequestInit;
  if (headers) copy['headers'] = withHeaders(headers, {});
  if (body instanceof URLSearchParams) copy['body'] = new URLSearchParams(body);
  return copy;
}
