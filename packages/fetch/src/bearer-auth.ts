import {
  Authorizer,
  type BearerAuthOptions,
  canSendAgain,
  discard,
  invalidOption,
  type TokenSource,
} from '@tokenline/core';
import { readAuthorization, withHeaders } from './authorization.ts';
import { SpareBody } from './spare-body.ts';

/** Any `fetch`: the global one, that of a library, or one of your own. */
export type Fetch = (...parameters: never[]) => Promise<Response>;

type Send = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Wraps a `fetch` so that its requests to the allowed origins carry a valid token, and a 401 that another token can
 * answer is answered with one, once.
 *
 * @param source - where the tokens come from; `createTokenSource` makes one.
 * @param options - with the `origins` that may have the token: a bare `fetch` has no base URL to go by.
 * @returns a function of the same type. Beyond the errors of `fetch`, it rejects with a `TokenError` when no token can be had.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no source, or no origin.
 * @example
 * ```ts
 * const api = bearerAuth(fetch, source, { origins: ['https://api.example.com'] });
 * const response = await api('https://api.example.com/orders');
 * ```
 */
export function bearerAuth<F extends Fetch>(fetch: F, source: TokenSource, options?: BearerAuthOptions): F {
  if (typeof fetch !== 'function') throw invalidOption('bearerAuth needs a fetch function as its first argument');
  const authorizer = new Authorizer(source, undefined, options);
  const send = fetch as unknown as Send;
  const authorized: Send = async (input, init = {}) => {
    const request = typeof input === 'object' && 'url' in input ? input : undefined;
    const headers = init.headers ?? request?.headers;
    const attempt = await authorizer.authorize({
      url: request?.url ?? absolute(input as string | URL),
      method: init.method ?? request?.method,
      signal: init.signal ?? request?.signal,
      authorization: readAuthorization(headers),
    });
    if (attempt === undefined) return send(input, init);
    const spare = request?.body && !init.body ? new SpareBody(request) : undefined;
    const response = await send(input, { ...init, headers: withHeaders(headers, attempt.headers) });
    if (!attempt.concerns(response.status)) return response;
    const second = await attempt.retry({
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      nonce: response.headers.get('dpop-nonce'),
      url: response.url || undefined,
      redirected: response.redirected,
      replayable: spare === undefined ? canSendAgain(init.body) : spare.bytes !== undefined,
    });
    if (second === undefined) return response;
    discard(response);
    return send(input, {
      ...init,
      ...(spare?.bytes && { body: spare.bytes }),
      headers: withHeaders(headers, second.headers),
    });
  };
  return authorized as unknown as F;
}

/** A page's own relative URLs are resolved as its `fetch` will. */
function absolute(input: string | URL): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return typeof input === 'string' ? (page === undefined ? input : new URL(input, page).href) : input.href;
}
