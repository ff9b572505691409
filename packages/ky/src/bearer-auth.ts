import {
  type Attempt,
  Authorizer,
  type BearerAuthOptions,
  type BearerAuthRequest,
  canSendAgain,
  discard,
  nextHop,
  type TokenSource,
  wrongClient,
} from '@tokenline/core';
import type { KyInstance } from 'ky';

/** What the options of an instance are asked for; the base URL has had three names. */
interface Parent {
  readonly fetch?: Send;
  readonly prefix?: string | URL;
  readonly prefixUrl?: string | URL;
  readonly baseUrl?: string | URL;
}

const mostHops = 20;

type Send = (request: Request, init?: RequestInit) => Promise<Response>;

type Context = { readonly bearerAuth?: BearerAuthRequest } | undefined;

/** What the hooks tell of a request: ky 2 hands them one object, ky 1 `beforeRequest` two. */
interface State {
  readonly request: Request;
  readonly options: { readonly body?: unknown; readonly context?: Context };
}

/** What ky 2 hands to `beforeError`; ky 1 hands it the error. */
interface Failed {
  readonly error: Error & { readonly response?: Response };
}

/**
 * Extends a ky instance so that its requests to its base URL carry a valid token, and a 401 that another token can answer
 * is answered with one, once. One request goes without a token, or with another one, by
 * `context: { bearerAuth: false }` or `context: { bearerAuth: { scope: 'orders.write' } }`.
 *
 * @param source - where the tokens come from; `createTokenSource` makes one.
 * @param options - `origins` for an instance without a base URL, or for more origins than its own.
 * @returns an extended instance; the one that was given stays as it is. Beyond ky's own errors, its requests reject with
 * a `TokenError` when no token can be had.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no ky instance, no source, or no origin that may have the token.
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
    // Looked up at every call where ky would take the global one.
    const send: Send = parent.fetch ?? ((request, init) => globalThis.fetch(request, init));
    // What a request was made from: of its body, only a stream is left when it is sent.
    const made = new WeakMap<Request, State['options']>();
    const refused = new WeakMap<Response, Attempt>();

    const authorize = async (request: Request, init: RequestInit | undefined, hops: number): Promise<Response> => {
      const { body, context } = made.get(request) ?? {};
      const attempt = await authorizer.authorize({
        url: request.url,
        method: request.method,
        signal: request.signal,
        headers: request.headers,
        bearerAuth: context?.bearerAuth,
      });
      if (attempt === undefined) return send(request, init);
      let current = attempt;
      try {
        for (;;) {
          carry(request, current);
          const byHand = current.bound && request.redirect === 'follow';
          const sent = current !== attempt && request.body ? again(request, body) : request;
          const response = await send(byHand ? new Request(sent, { redirect: 'manual' }) : sent, init);
          if (!current.concerns(response.status)) return response;
          const replayable = !request.body || (body !== undefined && canSendAgain(body));
          const next = await current.retry(response, replayable);
          if (next === undefined) {
            const from = { url: request.url, init: { body: (body ?? null) as BodyInit }, request, replayable };
            const hop = byHand && hops < mostHops ? nextHop(response, from) : undefined;
            if (hop === undefined) {
              refused.set(response, current);
              return response;
            }
            discard(response);
            const elsewhere = new Request(hop.url, hop.init);
            made.set(elsewhere, { body: hop.init.body, context });
            return await authorize(elsewhere, init, hops + 1);
          }
          discard(response);
          drop(request, current);
          current = next;
        }
      } finally {
        // ky's errors hold the request, and print it.
        drop(request, current);
      }
    };
    const authorized: Send = (request, init) => authorize(request, init, 0);
    const remember = (state: State | Request, normalized: State['options'] = {}): void => {
      const { request, options: given } = 'options' in state ? state : { request: state, options: normalized };
      // A weak map costs more than all the rest: most requests have nothing to remember.
      if (given.body || given.context?.bearerAuth !== undefined) made.set(request, given);
    };
    const explain = (state: Failed | (Error & Failed['error'])): Error => {
      const error = 'error' in state ? state.error : state;
      if (error.response !== undefined) refused.get(error.response)?.explain(error);
      return error;
    };
    return { fetch: authorized, hooks: { beforeRequest: [remember], beforeRetry: [remember], beforeError: [explain] } };
  });
}

function carry(request: Request, { headers }: Attempt): void {
  for (const name in headers) request.headers.set(name, headers[name] ?? '');
}

function drop(request: Request, { headers }: Attempt): void {
  for (const name in headers) request.headers.delete(name);
}

/** The same request with its body once more. A form says by itself where its parts end, and differently each time. */
function again(request: Request, body: unknown): Request {
  const headers = new Headers(request.headers);
  if (Object.prototype.toString.call(body) === '[object FormData]') headers.delete('content-type');
  return new Request(request, { method: request.method, headers, body: body as BodyInit });
}
