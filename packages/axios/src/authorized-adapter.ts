import { type Attempt, type Authorizer, canSendAgain } from '@tokenline/core';
import {
  type AxiosAdapter,
  type AxiosRequestConfig,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import { release } from './release.ts';
import { requestUrl } from './request-url.ts';

type Adapter = AxiosRequestConfig['adapter'];
type Failure = Error & { readonly response?: AxiosResponse };
/** What axios' own adapters use of the deprecated cancel token, and its types leave out. */
type CancelToken = {
  subscribe(listener: (reason: unknown) => void): void;
  unsubscribe(listener: (reason: unknown) => void): void;
};

/** Sends a request through its adapter: with a token where it may have one, and once more where the answer deserves that. */
export async function sendAuthorized(
  authorizer: Authorizer,
  adapter: Adapter,
  config: InternalAxiosRequestConfig,
): Promise<AxiosResponse> {
  const signal = config.signal as AbortSignal | undefined;
  const cancelToken = config.cancelToken as unknown as CancelToken | undefined;
  if (cancelToken === undefined) return authorize(authorizer, adapter, config, signal);
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  cancelToken.subscribe(cancel);
  try {
    const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
    return await authorize(authorizer, adapter, config, either);
  } finally {
    cancelToken.unsubscribe(cancel);
  }
}

async function authorize(
  authorizer: Authorizer,
  adapter: Adapter,
  config: InternalAxiosRequestConfig,
  signal: AbortSignal | undefined,
): Promise<AxiosResponse> {
  const send = typeof adapter === 'function' ? adapter : getAdapter(adapter, config);
  const { headers, beforeRedirect } = config;
  const attempt = await authorizer.authorize({
    url: requestUrl(config),
    method: config.method,
    signal,
    authorization: config.auth ? 'Basic' : (headers.get('authorization') as string | null),
    bearerAuth: config.bearerAuth,
  });
  if (attempt === undefined) return send(config);
  let landed: string | undefined;
  const sendWith = ({ authorization }: Attempt): Promise<AxiosResponse> => {
    headers.set('Authorization', authorization);
    config.beforeRedirect = (hop, ...rest) => {
      landed = hop['href'] as string;
      readdress(hop['headers'] as Record<string, string>, authorizer.allows(landed) ? authorization : undefined);
      beforeRedirect?.(hop, ...rest);
    };
    return send(config);
  };
  try {
    let failure: Failure | undefined;
    const response = await sendWith(attempt).catch((error: Failure) => {
      if (error.response?.status !== 401) throw error;
      failure = error;
      return error.response;
    });
    const second = await attempt.retry({
      status: response.status,
      challenge: response.headers?.['www-authenticate'] as string | undefined,
      url: landed,
      redirected: landed !== undefined,
      replayable: canSendAgain(config.data),
    });
    if (second !== undefined) {
      release(response.data);
      return await sendWith(second);
    }
    if (failure === undefined) return response;
    if (attempt.failure !== undefined) failure.cause ??= attempt.failure;
    throw failure;
  } finally {
    // The config goes into responses and errors, which are printed, and into retries, which must look for a token anew.
    headers.delete('Authorization');
    if (beforeRedirect === undefined) delete config.beforeRedirect;
    else config.beforeRedirect = beforeRedirect;
  }
}

/** What follow-redirects left of the token, or took along to a subdomain, is replaced by what this hop may have. */
function readdress(headers: Record<string, string>, authorization: string | undefined): void {
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === 'authorization') delete headers[name];
  }
  if (authorization !== undefined) headers['Authorization'] = authorization;
}
