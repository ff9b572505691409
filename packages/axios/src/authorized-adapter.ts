import { type Attempt, type Authorizer, canSendAgain, discard } from '@tokenline/core';
import { type AxiosAdapter, type AxiosResponse, getAdapter, type InternalAxiosRequestConfig } from 'axios';
import { conceal, type Failure } from './conceal.ts';
import { landingOf } from './observed-fetch.ts';
import { requestUrl } from './request-url.ts';

type Config = InternalAxiosRequestConfig;
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
  cancelToken.subscribe(cancel);
  const either = AbortSignal.any([signal ?? controller.signal, controller.signal]);
  return send(authorizer, dispatch, config, either).finally(() => cancelToken.unsubscribe(cancel));
}

// Promises are chained by hand: in an asynchronous function each request would cost half a kilobyte more.
function send(
  authorizer: Authorizer,
  dispatch: AxiosAdapter,
  config: Config,
  signal: AbortSignal | undefined,
): Promise<AxiosResponse> {
  const { headers, beforeRedirect } = config;
  const authorized = authorizer.authorize({
    url: requestUrl(config),
    method: config.method,
    signal,
    headers,
    bearerAuth: config.auth ? false : config.bearerAuth,
  });

  const sendWith = (attempt: Attempt): Promise<AxiosResponse> => {
    let landing: string | undefined;
    Object.assign(headers, attempt.headers);
    config.beforeRedirect = (hop, ...rest) => {
      landing = hop['href'] as string;
      // follow-redirects may have dropped the token, or taken it along to a subdomain.
      const carried = hop['headers'] as Record<string, string>;
      for (const name in carried) if (/^(authorization|dpop)$/i.test(name)) delete carried[name];
      Object.assign(carried, attempt.headersAt(landing));
      beforeRedirect?.(hop, ...rest);
    };

    // Responses and errors hold the config: they are printed, and retried from it, and a retry must look for a token anew.
    const takeOff = (): void => {
      // axios too has it that what is undefined is not there. To delete it would cost a quarter of a kilobyte.
      for (const name in attempt.headers) headers[name] = undefined;
      if (beforeRedirect) config.beforeRedirect = beforeRedirect;
      else delete config.beforeRedirect;
    };

    const settle = (response: AxiosResponse, failure?: Failure): AxiosResponse | Promise<AxiosResponse> => {
      takeOff();
      response.config = config;
      // Another copy of axios than that of the instance has headers that the instance cannot read.
      if (response.headers?.constructor !== headers.constructor) response.headers = Object.assign({}, response.headers);
      if (attempt.concerns(response.status)) return retry(response, failure);
      if (failure) throw failure;
      return response;
    };

    const fail = (failure: Failure | undefined): AxiosResponse | Promise<AxiosResponse> => {
      conceal(failure, config);
      if (failure?.response) return settle(failure.response, failure);
      takeOff();
      throw failure;
    };

    const retry = async (response: AxiosResponse, failure: Failure | undefined): Promise<AxiosResponse> => {
      const url = landing ?? landingOf(response.request as object | undefined);
      const answer = { status: response.status, headers: response.headers, url, redirected: url !== undefined };
      const next = await attempt.retry(answer, canSendAgain(config.data));
      if (next) {
        discard(new Response(response.data));
        return sendWith(next);
      }
      if (!failure) return response;
      attempt.explain(failure);
      throw failure;
    };

    // The runtime's fetch would take the proof along to another URL.
    const own = attempt.bound ? { ...config, fetchOptions: { ...config.fetchOptions, redirect: 'manual' } } : config;
    try {
      return dispatch(own).then(settle, fail);
    } catch (error) {
      return Promise.reject(error as Error).then(settle, fail);
    }
  };
  return authorized?.then(sendWith) ?? dispatch(config);
}
