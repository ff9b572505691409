import { type Attempt, type Authorizer, canSendAgain, discard } from '@tokenline/core';
import {
  type AxiosAdapter,
  type AxiosHeaders,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import { conceal, type Failure } from './conceal.ts';
import { landingOf } from './observed-fetch.ts';
import { requestUrl } from './request-url.ts';

type Config = InternalAxiosRequestConfig;
type Settled = AxiosResponse | Promise<AxiosResponse>;
/** That an adapter rejected, with whatever. */
type Failed = { readonly failure: Failure | undefined };
/** What axios' own adapters use of the deprecated cancel token, and its types leave out. */
type CancelToken = Record<'subscribe' | 'unsubscribe', (listener: (reason: unknown) => void) => void>;

/** Sends a request through its adapter: with a token where it may have one, and once more where the answer deserves that. */
export function sendAuthorized(
  authorizer: Authorizer,
  adapter: Config['adapter'],
  config: Config,
): Promise<AxiosResponse> {
  const dispatch = typeof adapter === 'function' ? adapter : getAdapter(adapter, config);
  // A request that is made again from its config passes the interceptor again.
  config.adapter = adapter!;
  const signal = config.signal as AbortSignal | undefined;
  const cancelToken = config.cancelToken as unknown as CancelToken | undefined;
  if (!cancelToken) return send(authorizer, dispatch, config, signal);
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  const sent = send(authorizer, dispatch, config, AbortSignal.any([signal ?? controller.signal, controller.signal]));
  cancelToken.subscribe(cancel);
  return sent.finally(() => cancelToken.unsubscribe(cancel));
}

// Promises are chained by hand: in an asynchronous function each request would cost half a kilobyte more.
function send(
  authorizer: Authorizer,
  dispatch: AxiosAdapter,
  config: Config,
  signal: AbortSignal | undefined,
): Promise<AxiosResponse> {
  const { headers, beforeRedirect, url, baseURL } = config;
  const authorization: unknown = headers[spellingIn(headers, 'authorization')];
  const authorized = authorizer.authorize({
    url: requestUrl(config),
    method: config.method,
    signal,
    headers: authorization ? { authorization } : undefined,
    // axios has `false` for a header that is not to be sent.
    bearerAuth: config.auth || authorization === false ? false : config.bearerAuth,
  });

  const sendWith = (attempt: Attempt): Settled => {
    // Whoever has the config may have changed it while the token was waited for.
    const moved = config.url !== url || config.baseURL !== baseURL;
    if (moved && !attempt.allows(requestUrl(config))) return dispatch(config);
    let landing: string | undefined;
    // A copy, since the user may have given the same headers to many requests.
    const carried = Object.assign(Object.create(Object.getPrototypeOf(headers)), headers) as typeof headers;
    for (const name in attempt.headers) carried[spellingIn(headers, name)] = attempt.headers[name];
    config.headers = carried;
    config.beforeRedirect = (hop, ...rest) => {
      landing = hop['href'] as string;
      // follow-redirects may have dropped the token, or taken it along to a subdomain.
      const kept = hop['headers'] as Record<string, string>;
      for (const name in kept) if (/^(authorization|dpop)$/i.test(name)) delete kept[name];
      Object.assign(kept, attempt.headersAt(landing));
      beforeRedirect?.(hop, ...rest);
    };

    const settle = (response: AxiosResponse | undefined, failed?: Failed): Settled => {
      // Responses and errors hold the config: they are printed, and retried from it, and a retry must look for a token anew.
      config.headers = headers;
      if (beforeRedirect) config.beforeRedirect = beforeRedirect;
      else delete config.beforeRedirect;
      conceal(failed?.failure, response, config);
      if (response === undefined) return handOver(response, failed);
      // Another copy of axios than that of the instance has headers that the instance cannot read.
      if (response.headers?.constructor !== headers.constructor && response.headers?.['toJSON'])
        response.headers = (response.headers as AxiosHeaders).toJSON();
      if (!attempt.concerns(response.status)) return handOver(response, failed);
      landing ??= landingOf(response.request as object | undefined);
      const { status, headers: received } = response;
      const answer = { status, headers: received, url: landing, redirected: landing !== undefined };
      const renewal = attempt.retry(answer, canSendAgain(config.data));
      if (renewal === undefined) return handOver(response, failed);
      return renewal.then((second) => {
        if (second !== undefined) {
          release(response.data);
          return sendWith(second);
        }
        if (failed?.failure) attempt.explain(failed.failure);
        return handOver(response, failed);
      });
    };

    // The runtime's fetch would take the proof along to another URL.
    const own = attempt.bound ? { ...config, fetchOptions: { ...config.fetchOptions, redirect: 'manual' } } : config;
    const fail = (failure: Failure | undefined): Settled => settle(failure?.response, { failure });
    try {
      return dispatch(own).then(settle, fail);
    } catch (error) {
      return fail(error as Failure);
    }
  };
  return authorized?.then(sendWith) ?? dispatch(config);
}

function handOver(response: AxiosResponse | undefined, failed: Failed | undefined): AxiosResponse {
  if (failed) throw failed.failure;
  return response!;
}

/** How headers spell a name, if only to say that it is not there. */
function spellingIn(headers: Config['headers'], name: string): string {
  for (const key in headers) if (key.length === name.length && key.toLowerCase() === name) return key;
  return name;
}

/** Gives the connection of an unwanted response free: only a streamed body is still there. */
function release(body: unknown): void {
  try {
    discard(new Response(body as BodyInit));
  } catch {
    // Somebody reads it already.
  }
}
