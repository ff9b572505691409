import { type AuthorizedRequest, type Authorizer, discard } from '@tokenline/core/adapter';
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
/** What axios' own adapters use of the deprecated cancel token, and its types leave out. */
type CancelToken = Record<'subscribe' | 'unsubscribe', (listener: (reason: unknown) => void) => void>;

/** Sends a request through its adapter: with a token, if it may have one, and once more if the answer deserves that. */
export function send(authorizer: Authorizer, adapter: Config['adapter'], config: Config): Promise<AxiosResponse> {
  const dispatch = typeof adapter === 'function' ? adapter : getAdapter(adapter, config);
  // A request that is made again from its config passes the interceptor again.
  config.adapter = adapter!;
  const signal = config.signal as AbortSignal | undefined;
  const cancelToken = config.cancelToken as unknown as CancelToken | undefined;
  if (!cancelToken) return sendUntil(signal, authorizer, dispatch, config);
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  const either = AbortSignal.any([signal ?? controller.signal, controller.signal]);
  cancelToken.subscribe(cancel);
  return sendUntil(either, authorizer, dispatch, config).finally(() => cancelToken.unsubscribe(cancel));
}

function sendUntil(
  signal: AbortSignal | undefined,
  authorizer: Authorizer,
  dispatch: AxiosAdapter,
  config: Config,
): Promise<AxiosResponse> {
  const { headers, beforeRedirect, url, baseURL } = config;
  const authorization: unknown = headers[spellingIn(headers, 'authorization')];
  const pending = authorizer.authorize({
    url: requestUrl(config),
    method: config.method,
    signal,
    headers: authorization ? { authorization } : undefined,
    // In axios, `false` stands for a header that is not to be sent.
    bearerAuth: config.auth || authorization === false ? false : config.bearerAuth,
  });

  const sendWith = async (authorized: AuthorizedRequest): Promise<AxiosResponse> => {
    // The caller may have changed the config while the token was waited for.
    const moved = config.url !== url || config.baseURL !== baseURL;
    if (moved && !authorized.allows(requestUrl(config))) return dispatch(config);
    let landing: string | undefined;
    // A copy, since the user may have given the same headers to many requests.
    const carried = Object.assign(Object.create(Object.getPrototypeOf(headers)), headers) as typeof headers;
    for (const name in authorized.headers) carried[spellingIn(headers, name)] = authorized.headers[name];
    config.headers = carried;
    config.beforeRedirect = (hop, ...rest) => {
      landing = hop['href'] as string;
      // follow-redirects may have dropped the token, or taken it along to a subdomain.
      const kept = hop['headers'] as Record<string, string>;
      for (const name in kept) if (/^(authorization|dpop)$/i.test(name)) delete kept[name];
      Object.assign(kept, authorized.headersAt(landing));
      beforeRedirect?.(hop, ...rest);
    };
    // The runtime's fetch would take the proof along to another URL.
    const bound = authorized.hasProof && { fetchOptions: { ...config.fetchOptions, redirect: 'manual' } };
    const { response, rejected } = await settled(dispatch, bound ? { ...config, ...bound } : config);

    // Responses and errors hold the config, are printed, and are retried from it: a retry must ask for a token again.
    config.headers = headers;
    if (beforeRedirect) config.beforeRedirect = beforeRedirect;
    else delete config.beforeRedirect;
    conceal(rejected?.error, response, config);
    // Headers of another copy of axios are unreadable for the instance.
    if (response?.headers?.['toJSON'] && response.headers.constructor !== headers.constructor)
      response.headers = (response.headers as AxiosHeaders).toJSON();
    if (response !== undefined && authorized.mayRetry(response.status)) {
      landing ??= landingOf(response.request as object | undefined);
      const { status, headers: received } = response;
      const answer = { status, headers: received, url: landing, redirected: landing !== undefined };
      const second = await authorized.retry(answer, config.data);
      if (second !== undefined) {
        release(response.data);
        return sendWith(second);
      }
      authorized.attachCause(rejected?.error);
    }
    if (rejected) throw rejected.error;
    return response!;
  };
  return pending?.then(sendWith) ?? dispatch(config);
}

/** What came of a request: a response, an error, or an error that holds a response. */
interface Outcome {
  readonly response?: AxiosResponse | undefined;
  readonly rejected?: { readonly error: Failure | undefined };
}

async function settled(dispatch: AxiosAdapter, config: Config): Promise<Outcome> {
  try {
    return { response: await dispatch(config) };
  } catch (cause) {
    const error = cause as Failure | undefined;
    return { response: error?.response, rejected: { error } };
  }
}

/** How headers spell a name, even where they only say that it is not to be sent. */
function spellingIn(headers: Config['headers'], name: string): string {
  for (const key in headers) if (key.length === name.length && key.toLowerCase() === name) return key;
  return name;
}

/** Frees the connection of an unwanted response, whose body is still there only if it is a stream. */
function release(body: unknown): void {
  try {
    discard(new Response(body as BodyInit));
  } catch {
    // Somebody reads it already.
  }
}
