import { type Attempt, type Authorizer, canSendAgain } from '@tokenline/core';
import {
  type AxiosAdapter,
  type AxiosRequestConfig,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import { CarriedToken } from './carried-token.ts';
import { release } from './release.ts';
import { requestUrl } from './request-url.ts';

type Adapter = AxiosRequestConfig['adapter'];
type Config = InternalAxiosRequestConfig;
type Failure = Error & { readonly response?: AxiosResponse; config?: Config };
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
  for (let current = attempt; ;) {
    const outcome = await dispatchWith(dispatch, config, current);
    const { response, failure, landed } = outcome;
    if (!current.concerns(response.status)) return settle(outcome);
    const next = await current.retry({
      status: response.status,
      challenge: response.headers?.['www-authenticate'] as string | undefined,
      nonce: response.headers?.['dpop-nonce'] as string | undefined,
      url: landed,
      redirected: landed !== undefined,
      replayable: canSendAgain(config.data),
    });
    if (next === undefined) {
      if (failure !== undefined) current.explain(failure);
      return settle(outcome);
    }
    release(response.data);
    current = next;
  }
}

/** An answer, which axios makes an error of where `validateStatus` says so. */
interface Outcome {
  readonly response: AxiosResponse;
  readonly failure: Failure | undefined;
  readonly landed: string | undefined;
}

async function dispatchWith(dispatch: AxiosAdapter, config: Config, attempt: Attempt): Promise<Outcome> {
  const token = new CarriedToken(config);
  token.putOn(attempt);
  try {
    const response = await dispatch(config);
    // An adapter may have made a copy, on which the token still is.
    response.config = config;
    // Another copy of axios than that of the instance has headers that the instance cannot read.
    if (response.headers?.constructor !== config.headers.constructor) {
      response.headers = Object.fromEntries(Object.entries(response.headers ?? {}));
    }
    return { response, failure: undefined, landed: token.landed };
  } catch (error) {
    const failure = error as Failure | undefined;
    conceal(failure, config);
    if (failure?.response === undefined) throw error;
    return { response: failure.response, failure, landed: token.landed };
  } finally {
    token.takeOff(attempt);
  }
}

function settle({ response, failure }: Outcome): AxiosResponse {
  if (failure !== undefined) throw failure;
  return response;
}

/**
 * Node's request holds the token as it was sent, and so may a copy of the config. The one stays for who asks for it, but is
 * no longer printed; the other gives way to the config that the copy was made of.
 */
function conceal(outcome: Partial<Failure> | AxiosResponse | undefined, config: Config, depth = 0): void {
  if (typeof outcome !== 'object' || outcome === null || depth > 8) return;
  if (outcome.config !== undefined) outcome.config = config;
  if ('request' in outcome) Object.defineProperty(outcome, 'request', { enumerable: false });
  if ('response' in outcome) conceal(outcome.response, config, depth + 1);
  // One error may have been made of another.
  if ('cause' in outcome) conceal(outcome.cause as Partial<Failure> | undefined, config, depth + 1);
}

function readAuthorization(headers: Config['headers']): string | undefined {
  // axios' own lookup goes through all names twice.
  for (const name in headers) {
    if (name.length === 13 && name.toLowerCase() === 'authorization') return String(headers[name]);
  }
  return undefined;
}
