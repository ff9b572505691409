import type { BearerAuthRequest } from '@tokenline/core';
import { type AuthorizedRequest, type Authorizer, discard } from '@tokenline/core/adapter';

export type Send = (request: Request, init?: RequestInit) => Promise<Response>;

/** What a request was made from. When it is sent, all that is left of its body is a stream. */
export interface Origin {
  readonly body?: unknown;
  readonly context?: { readonly bearerAuth?: BearerAuthRequest } | undefined;
}

const mostHops = 20;
const origins = new WeakMap<Request, Origin>();
const refusals = new WeakMap<Response, AuthorizedRequest>();

/** Remembers what a request was made from. */
export function remember(request: Request, origin: Origin): void {
  // A weak map costs more than all the rest, and most requests have nothing to remember.
  if (origin.body || origin.context?.bearerAuth !== undefined) origins.set(request, origin);
}

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export async function send(
  authorizer: Authorizer,
  fetch: Send,
  request: Request,
  init: RequestInit | undefined,
  hops = 0,
): Promise<Response> {
  const { url, method, signal, headers } = request;
  const { body, context } = origins.get(request) ?? {};
  const authorized = await authorizer.authorize({ url, method, signal, headers, bearerAuth: context?.bearerAuth });
  if (authorized === undefined) return fetch(request, init);

  const sendWith = async (current: AuthorizedRequest): Promise<Response> => {
    const byHand = current.hasProof && request.redirect === 'follow';
    const own = headers.get('authorization');
    for (const name in current.headers) headers.set(name, current.headers[name] ?? '');
    const sent = current !== authorized && request.body ? again(request, body) : request;
    let response: Response;
    try {
      response = await fetch(byHand ? new Request(sent, { redirect: 'manual' }) : sent, init);
    } finally {
      // ky's errors hold the request, and print it.
      for (const name in current.headers) headers.delete(name);
      if (own !== null) headers.set('authorization', own);
    }
    if (!current.mayRetry(response.status)) return response;
    const second = await current.retry(response, request.body && (body ?? request.body));
    const from = { url, init: { body: (body ?? null) as BodyInit }, request };
    const hop = byHand && !second && hops < mostHops ? current.nextHop(response, from) : undefined;
    if (second || hop) discard(response);
    if (second) return sendWith(second);
    if (hop) {
      const elsewhere = new Request(hop.url, hop.init);
      remember(elsewhere, { body: hop.init.body, context });
      return send(authorizer, fetch, elsewhere, init, hops + 1);
    }
    refusals.set(response, current);
    return response;
  };
  return sendWith(authorized);
}

/** Attaches to ky's error for an answer why the request was not sent again. */
export function attachCause(error: Error & { readonly response?: Response }): Error {
  if (error.response !== undefined) refusals.get(error.response)?.attachCause(error);
  return error;
}

/** The same request with its body once more. The content type of a form names its boundary, which differs each time. */
function again(request: Request, body: unknown): Request {
  const headers = new Headers(request.headers);
  if (Object.prototype.toString.call(body) === '[object FormData]') headers.delete('content-type');
  return new Request(request, { method: request.method, headers, body: body as BodyInit });
}
