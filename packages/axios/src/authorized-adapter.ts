import { type Attempt, type Authorizer, canSendAgain } from '@tokenline/core';
import { type AxiosRequestConfig, type AxiosResponse, getAdapter, type InternalAxiosRequestConfig } from 'axios';
import { release } from './release.ts';
import { requestUrl } from './request-url.ts';

type Adapter = AxiosRequestConfig['adapter'];
type Config = InternalAxiosRequestConfig;
type Failure = Error & { readonly response?: AxiosResponse; config?: unknown };
/** What axios' own adapters use of the deprecated cancel token, and its types leave out. */
type CancelToken = {
  subscribe(listener: (reason: unknown) => void): void;
  unsubscribe(listener: (reason: unknown) => void): void;
};

/** Sends a request through its adapter: with a token where it may have one, and once more where the answer deserves that. */
export function sendAuthorized(authorizer: Authorizer, adapter: Adapter, config: Config): Promise<AxiosResponse> {
  const signal = config.signal as AbortSignal | undefined;
  const cancelToken = config.cancelToken as unknown as CancelToken | undefined;
  if (cancelToken === undefined) return send(authorizer, adapter, config, signal);
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  cancelToken.subscribe(cancel);
  const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  return send(authorizer, adapter, config, either).finally(() => cancelToken.unsubscribe(cancel));
}

async function send(
  authorizer: Authorizer,
  adapter: Adapter,
  config: Config,
  signal: AbortSignal | undefined,
): Promise<AxiosResponse> {
  const dispatch = typeof adapter === 'function' ? adapter : getAdapter(adapter, config);
  const attempt = await authorizer.authorize({
    url: requestUrl(config),
    method: config.method,
    signal,
    authorization: config.auth ? 'Basic' : readAuthorization(config.headers),
    bearerAuth: config.bearerAuth,
  });
  if (attempt === undefined) return dispatch(config);
  let landed: string | undefined;
  const dispatchWith = async (carrying: Attempt): Promise<AxiosResponse> => {
    Object.assign(config.headers, carrying.headers);
    try {
      // A copy is cheaper than one more property on a config, which axios makes without a prototype.
      const carried: Config = {
        ...config,
        beforeRedirect: (hop, ...rest) => {
          landed = hop['href'] as string;
          // follow-redirects may have dropped the token, or taken it along to a subdomain.
          Object.assign(withoutToken(hop['headers'] as Config['headers']), carrying.headersAt(landed));
          config.beforeRedirect?.(hop, ...rest);
        },
      };
      const response = restore(await dispatch(carried), config);
      // Another copy of axios than that of the instance has headers that the instance cannot read.
      if (response.headers?.constructor !== config.headers.constructor)
        response.headers = Object.fromEntries(Object.entries(response.headers));
      return response;
    } catch (error) {
      const failure = error as Failure | undefined;
      hideRequest(restore(failure?.response, config));
      throw hideRequest(restore(failure, config));
    }
  };
  let failure: Failure | undefined;
  const response = await dispatchWith(attempt).catch((error: Failure) => {
    if (error.response === undefined) throw error;
    failure = error;
    return error.response;
  });
  const second = await attempt.retry({
    status: response.status,
    challenge: response.headers?.['www-authenticate'] as string | undefined,
    nonce: response.headers?.['dpop-nonce'] as string | undefined,
    url: landed,
    redirected: landed !== undefined,
    replayable: canSendAgain(config.data),
  });
  if (second !== undefined) {
    release(response.data);
    return dispatchWith(second);
  }
  if (failure === undefined) return response;
  attempt.explain(failure);
  throw failure;
}

/**
 * Responses and errors hold the config that they came of, and are printed, and retried from it: there it has no token, so
 * that none is shown, and that a retry asks for a valid one.
 */
function restore<T extends { config?: unknown } | undefined>(outcome: T, config: Config): T {
  withoutToken(config.headers);
  if (outcome?.config !== undefined) outcome.config = config;
  return outcome;
}

/** Node's request holds the token as it was sent. It is still there for who asks for it, but no longer printed. */
function hideRequest<T>(outcome: T): T {
  if (typeof outcome === 'object' && outcome !== null && 'request' in outcome) {
    Object.defineProperty(outcome, 'request', { enumerable: false });
  }
  return outcome;
}

function readAuthorization(headers: Config['headers']): string | undefined {
  // axios' own lookup goes through all names twice.
  for (const name in headers) {
    if (name.length === 13 && name.toLowerCase() === 'authorization') return String(headers[name]);
  }
  return undefined;
}

function withoutToken(headers: Config['headers']): Config['headers'] {
  for (const name in headers) {
    if (/^(authorization|dpop)$/i.test(name)) delete headers[name];
  }
  return headers;
}
