import {
  absoluteUrl,
  type Attempt,
  Authorizer,
  type BearerAuthOptions,
  canSendAgain,
  discard,
  nextHop,
  type TokenSource,
  wrongClient,
} from '@tokenline/core';
import { withHeaders } from './headers.ts';
import { SpareBody } from './spare-body.ts';

/** Any `fetch`: the global one, that of a library, or one of your own. */
export type Fetch = (...parameters: never[]) => Promise<Response>;

const mostHops = 20;

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
  if (typeof fetch !== 'function') throw wrongClient('a fetch function');
  const authorizer = new Authorizer(source, undefined, options);
  const send = fetch as unknown as Send;
  // Promises are chained by hand: in an asynchronous function each request would cost a third of a kilobyte more.
  const authorize = (input: string | Request, init: RequestInit, hops: number): Promise<Response> => {
    const request = typeof input === 'object' ? input : undefined;
    const headers = init.headers ?? request?.headers;
    const url = request?.url ?? absoluteUrl(input as string);
    const authorized = authorizer.authorize({
      url,
      method: init.method ?? request?.method,
      signal: init.signal ?? request?.signal,
      headers,
    });
    if (authorized === undefined) return send(input, init);
    const spare = request?.body && !init.body ? new SpareBody(request) : undefined;
    const sendWith = (attempt: Attempt, body?: BodyInit): Promise<Response> => {
      const byHand = attempt.bound && (init.redirect ?? request?.redirect ?? 'follow') === 'follow';
      const retry = async (response: Response): Promise<Response> => {
        const replayable = spare === undefined ? canSendAgain(init.body) : spare.bytes !== undefined;
        const next = await attempt.retry(response, replayable);
        if (next !== undefined) {
          discard(response);
          return sendWith(next, spare?.bytes);
        }
        const sent = { url, init: { ...init, body: spare?.bytes ?? init.body ?? null }, request, replayable };
        const hop = byHand && hops < mostHops ? nextHop(response, sent) : undefined;
        if (hop === undefined) return response;
        discard(response);
        return authorize(hop.url, hop.init, hops + 1);
      };
      return send(input, {
        ...init,
        ...(body && { body }),
        headers: withHeaders(headers, attempt.headers),
        ...(byHand && { redirect: 'manual' }),
      }).then((response) => (attempt.concerns(response.status) ? retry(response) : response));
    };
    return authorized.then((attempt) => sendWith(attempt));
  };
  const authorized: Send = (input, init) => {
    try {
      return authorize(typeof input === 'object' && 'url' in input ? input : String(input), copyOf(init), 0);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return authorized as unknown as F;
}

/** The options as they are now: who calls may change them while a token is waited for, and send them again. */
function copyOf(init: RequestInit | null | undefined): RequestInit {
  const { headers, body } = init ?? {};
  return {
    ...init,
    ...(headers && { headers: withHeaders(headers, {}) }),
    ...(body instanceof URLSearchParams && { body: new URLSearchParams(body) }),
  };
}
