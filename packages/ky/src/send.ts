import type { BearerAuthRequest } from '@tokenline/core';
import {
  abandon,
  asRedirected,
  type AuthorizedRequest,
  type Authorizer,
  discard,
  keep,
  kindOf,
  nextHop,
  ownValue,
  renewAfter,
  SpareBody,
} from '@tokenline/core/adapter';

export type Send = (request: Request, init?: RequestInit) => Promise<Response>;

/** What a request was made from. When it is sent, all that is left of its body is a stream. */
export interface Origin {
  readonly body?: unknown;
  readonly context?: { readonly bearerAuth?: BearerAuthRequest } | undefined;
}

/** How requests are sent: by which `fetch`, and whether it must not follow redirects itself. */
export interface Sender {
  readonly authorizer: Authorizer;
  readonly fetch: Send;
  readonly byHand: boolean;
}

const origins = new WeakMap<Request, Origin>();
const refusals = new WeakMap<Response, AuthorizedRequest>();

/** Remembers what a request was made from. */
export function remember(request: Request, origin: Origin): void {
  // A weak map costs more than all the rest, and most requests have nothing to remember.
  if ((origin.body ?? null) !== null || bearerAuthOf(origin.context) !== undefined) origins.set(request, origin);
}

function bearerAuthOf(context: Origin['context']): BearerAuthRequest | undefined {
  return context && ownValue(context, 'bearerAuth');
}

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export async function send(
  sender: Sender,
  request: Request,
  init: RequestInit | undefined,
  hops = 0,
): Promise<Response> {
  const { authorizer, fetch } = sender;
  const { url, method, signal, headers } = request;
  const { body: given, context } = origins.get(request) ?? {};
  const bearerAuth = bearerAuthOf(context);
  const pending = authorizer.authorize({ url, method, signal, headers, bearerAuth });
  if (pending === undefined) return fetch(request, init);
  // Of a Request that ky was given, only a stream is left.
  const spare = given === undefined ? SpareBody.of(request) : undefined;
  const bodyOf = (): unknown => given ?? spare?.bytes ?? request.body ?? null;
  let authorized: AuthorizedRequest;
  try {
    authorized = await pending;
  } catch (error) {
    abandon(request.body, error);
    spare?.abandon(error);
    throw error;
  }

  const sendWith = async (current: AuthorizedRequest): Promise<Response> => {
    const byHand = (sender.byHand || current.hasProof) && request.redirect === 'follow';
    const own = headers.get('authorization');
    for (const name in current.headers) headers.set(name, current.headers[name] ?? '');
    const body = bodyOf();
    const sent = current !== authorized && body !== null ? again(request, body) : request;
    let response: Response;
    try {
      response = await fetch(byHand ? new Request(sent, { ...referrerOf(sent), redirect: 'manual' }) : sent, init);
    } catch (error) {
      renewAfter(error, current);
      throw error;
    } finally {
      // ky's errors hold the request, and print it.
      for (const name in current.headers) headers.delete(name);
      if (own !== null) headers.set('authorization', own);
    }
    if (!byHand && !current.mayRetry(response.status)) return response;
    // Firefox does not show the body of a request, but that it has been sent.
    const sentBody = bodyOf() ?? (request.bodyUsed ? request : undefined);
    let kept = response;
    const second = await current.retry(response, sentBody, async () => (kept = await keep(response)));
    const from = { url, init: { body: bodyOf() as BodyInit }, request, hops };
    const hop = byHand && !second ? nextHop(response, from) : undefined;
    if (second || hop) discard(response);
    if (second) return sendWith(second);
    if (hop) {
      const elsewhere = new Request(hop.url, hop.init);
      remember(elsewhere, { body: hop.init.body, context });
      return asRedirected(await send(sender, elsewhere, init, hop.hops));
    }
    refusals.set(kept, current);
    return kept;
  };
  return sendWith(authorized);
}

/** Attaches to ky's error for an answer why the request was not sent again. */
export function attachCause(error: Error & { readonly response?: Response }): Error {
  refusals.get(error.response as Response)?.attachCause(error);
  return error;
}

/** What any option of a new `Request` would reset. */
function referrerOf({ referrer, referrerPolicy }: Request): RequestInit {
  return { referrer, referrerPolicy };
}

/** The same request with its body once more. The content type of a form names its boundary, which differs each time. */
function again(request: Request, body: unknown): Request {
  const headers = new Headers(request.headers);
  if (kindOf(body) === 'FormData') headers.delete('content-type');
  return new Request(request, { ...referrerOf(request), headers, body: body as BodyInit });
}
