import { absoluteUrl, type AuthorizedRequest, type Authorizer, discard } from '@tokenline/core/adapter';
import { withHeaders } from './headers.ts';
import { SpareBody } from './spare-body.ts';

export type Send = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const mostHops = 20;

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export function send(
  authorizer: Authorizer,
  fetch: Send,
  input: string | Request,
  init: RequestInit,
  hops = 0,
): Promise<Response> {
  const request = typeof input === 'object' ? input : undefined;
  const url = request?.url ?? absoluteUrl(input as string);
  const method = init.method ?? request?.method;
  const headers = init.headers ?? request?.headers;
  const pending = authorizer.authorize({ url, method, signal: init.signal ?? request?.signal, headers });
  if (pending === undefined) return fetch(input, init);
  const spare = request?.body && !init.body ? new SpareBody(request) : undefined;

  // A chain of promises: an asynchronous function would cost each request a third of a kilobyte more.
  const sendWith = (authorized: AuthorizedRequest): Promise<Response> => {
    const byHand = authorized.hasProof && (init.redirect ?? request?.redirect ?? 'follow') === 'follow';
    const judge = async (response: Response): Promise<Response> => {
      const body = spare ? (spare.bytes ?? request?.body) : init.body;
      const second = await authorized.retry(response, body);
      const sent = { url, init: { ...init, body: spare?.bytes ?? init.body ?? null }, request };
      const hop = byHand && !second && hops < mostHops ? authorized.nextHop(response, sent) : undefined;
      if (second || hop) discard(response);
      if (second) return sendWith(second);
      return hop ? send(authorizer, fetch, hop.url, hop.init, hops + 1) : response;
    };
    return fetch(input, {
      ...init,
      // The first time, the body of the request itself is sent.
      ...(spare?.bytes && { body: spare.bytes }),
      headers: withHeaders(headers, authorized.headers),
      ...(byHand && { redirect: 'manual' }),
    }).then((response) => (authorized.mayRetry(response.status) ? judge(response) : response));
  };
  return pending.then(sendWith);
}
