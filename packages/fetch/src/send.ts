import {
  abandon,
  absoluteUrl,
  asRedirected,
  type AuthorizedRequest,
  type Authorizer,
  discard,
  keep,
  nextHop,
  renewAfter,
  SpareBody,
} from '@tokenline/core/adapter';
import { withHeaders } from './headers.ts';

export type Send = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** How requests are sent: by which `fetch`, and whether it must not follow redirects itself. */
export interface Sender {
  readonly authorizer: Authorizer;
  readonly fetch: Send;
  readonly byHand: boolean;
}

/** Where a request goes: what has become of its property `url` does not matter to `fetch`. */
function urlOf(request: Request): string {
  return (Reflect.get(Object.getPrototypeOf(request) as object, 'url', request) as string | undefined) ?? request.url;
}

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export function send(sender: Sender, input: string | Request, init: RequestInit, hops = 0): Promise<Response> {
  const { authorizer, fetch } = sender;
  const request = typeof input === 'object' ? input : undefined;
  const url = request ? urlOf(request) : absoluteUrl(input as string);
  const method = init.method ?? request?.method;
  const headers = init.headers ?? request?.headers;
  const { signal = request?.signal } = init;
  const pending = authorizer.authorize({ url, method, signal, headers });
  if (pending === undefined) return fetch(input, init);
  // The options are a copy already.
  const called = init.headers ? init.headers : headers && withHeaders(headers, {});
  const spare = request && (init.body ?? null) === null ? SpareBody.of(request) : undefined;
  // Otherwise options of any kind would reset them.
  const referrer = request && { referrer: request.referrer, referrerPolicy: request.referrerPolicy };

  // A chain of promises: an asynchronous function would cost each request a third of a kilobyte more.
  const sendWith = (authorized: AuthorizedRequest): Promise<Response> => {
    const byHand =
      (sender.byHand || authorized.hasProof) && (init.redirect ?? request?.redirect ?? 'follow') === 'follow';
    const body = (): unknown => (spare ? (spare.bytes ?? request) : init.body);
    const judge = async (response: Response): Promise<Response> => {
      let kept = response;
      const second = await authorized.retry(response, body(), async () => (kept = await keep(response)));
      const sent = { url, init: { ...init, body: spare?.bytes ?? init.body ?? null }, request, hops };
      const hop = byHand && !second ? nextHop(response, sent) : undefined;
      if (second || hop) discard(response);
      if (second) return sendWith(second);
      return hop ? send(sender, hop.url, hop.init, hop.hops).then(asRedirected) : kept;
    };
    return fetch(input, {
      ...referrer,
      ...init,
      // The first time, the body of the request itself is sent.
      ...(spare?.bytes && { body: spare.bytes }),
      headers: withHeaders(called, authorized.headers),
      ...(byHand && { redirect: 'manual' }),
    }).then(
      (response) => (byHand || authorized.mayRetry(response.status) ? judge(response) : response),
      (error: unknown) => {
        renewAfter(error, authorized);
        throw error;
      },
    );
  };
  return pending.then(sendWith, (error: unknown) => {
    abandon(init.body ?? request?.body, error);
    spare?.abandon(error);
    throw error;
  });
}
