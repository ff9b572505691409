import {
  abandon,
  type AuthorizedRequest,
  type Authorizer,
  followsByHand,
  ownValue,
  renewAfter,
} from '@tokenline/core/adapter';
import axios, {
  type AxiosAdapter,
  type AxiosHeaders,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import { type Adapter, belowOf } from './adapters.ts';
import { agentsOf } from './agents.ts';
import { outcomeOf, settle } from './outcome.ts';
import { plainProxyFor } from './proxy.ts';
import { copyOf, judging, type Landing, noteLanding, redirected, redirectFor, spellingIn } from './redirects.ts';
import { free, release } from './refusal.ts';
import { requestUrl } from './request-url.ts';

type Config = InternalAxiosRequestConfig;
/** What axios' own adapters use of the deprecated cancel token, and its types leave out. */
type CancelToken = Record<'subscribe' | 'unsubscribe', (listener: (reason: unknown) => void) => void>;

/** How a request is sent. */
interface Sender {
  readonly authorizer: Authorizer;
  readonly dispatch: AxiosAdapter;
  /** The config that its answer shows. */
  readonly shown: Config;
  readonly signal: AbortSignal | undefined;
}

/** Sends a request through its adapter: with a token, if it may have one, and once more if the answer deserves that. */
export function send(
  authorizer: Authorizer,
  adapter: NonNullable<Config['adapter']> | Adapter,
  given: Config,
): Promise<AxiosResponse> {
  // A request that is made again from its config passes the interceptor again.
  given.adapter = belowOf(adapter);
  const dispatch = getAdapter(adapter, given);
  const signal = (given.signal ?? undefined) as AbortSignal | undefined;
  const sender = { authorizer, dispatch, shown: given, signal };
  const cancelToken = given.cancelToken as unknown as CancelToken | null | undefined;
  if (!cancelToken) return sendHop(sender, given);
  const controller = new AbortController();
  const cancel = (reason: unknown): void => controller.abort(reason);
  const either = AbortSignal.any([signal ?? controller.signal, controller.signal]);
  cancelToken.subscribe(cancel);
  return sendHop({ ...sender, signal: either }, given).finally(() => cancelToken.unsubscribe(cancel));
}

/** Whether axios lets `fetch` follow redirects. Before 1.20, it does so whatever `maxRedirects` says. */
function follows({ fetchOptions, maxRedirects }: Config): boolean {
  const redirect = (fetchOptions as RequestInit | null | undefined)?.redirect ?? 'follow';
  return redirect === 'follow' && (maxRedirects !== 0 || /^1\.1?\d\./.test(axios.VERSION));
}

/** Whether a request that was not to follow redirects has gone over `fetch`, which alone heeds that. */
function wasManual({ request }: AxiosResponse, { adapter, env }: Config): boolean {
  // A `fetch` that comes without its Request leaves none, and neither does many a mock.
  return request
    ? (request as Partial<Request>).redirect === 'manual'
    : typeof adapter !== 'function' || (env as { fetch?: unknown } | null)?.fetch != null;
}

function sendHop(sender: Sender, config: Config, hops = 0): Promise<AxiosResponse> {
  const { authorizer, dispatch, shown, signal } = sender;
  const { headers, data, method = 'get' } = config;
  const url = requestUrl(config);
  const authorization: unknown = headers[spellingIn(headers, 'authorization')];
  const pending = authorizer.authorize({
    url,
    method,
    signal,
    headers: authorization ? { authorization } : undefined,
    // In axios, `false` stands for a header that is not to be sent.
    bearerAuth: config.auth || authorization === false ? false : ownValue(config, 'bearerAuth'),
  });
  if (pending === undefined) return hops ? outcomeOf(dispatch, config, shown).then(settle) : dispatch(config);
  // The caller may change the config while the token is waited for. A URL is not in the types, but works.
  const { url: given } = config as { readonly url?: string | URL };
  const called = { ...config, ...(given && { url: String(given) }) };

  const fail = (error: unknown): never => {
    abandon(data, error);
    throw error;
  };
  const sendWith = async (authorized: AuthorizedRequest): Promise<AxiosResponse> => {
    const cancelled: unknown = config.cancelToken?.reason;
    if (cancelled || signal?.aborted) return fail(cancelled ?? signal?.reason);
    const plainProxy = plainProxyFor(url, config);
    if (plainProxy) return fail(plainProxy);
    const landing: Landing = { carried: true };
    const carried = copyOf(headers);
    for (const name in authorized.headers) carried[spellingIn(headers, name)] = authorized.headers[name];
    // axios does not tell where a `fetch` was led: every hop is made here, unless a browser hides it.
    const manual = follows(config) && (authorized.hasProof || followsByHand(authorizer, undefined));
    const sent = {
      ...called,
      ...agentsOf(config),
      headers: carried,
      beforeRedirect: judging(authorized, config.beforeRedirect, landing),
      ...(manual && { fetchOptions: { ...config.fetchOptions, redirect: 'manual' } }),
    };
    const outcome = await outcomeOf(dispatch, sent, shown);
    const { response, rejected } = outcome;
    if (response === undefined) {
      renewAfter(rejected?.error, authorized);
      return settle(outcome);
    }
    // Headers of another copy of axios are unreadable for the instance.
    if (response.headers?.['toJSON'] && response.headers.constructor !== headers.constructor)
      response.headers = (response.headers as AxiosHeaders).toJSON();
    const { status, headers: received } = response;
    if (authorized.mayRetry(status)) {
      noteLanding(landing, response, url);
      const answer = { status, headers: received, ...landing, redirected: landing.url !== undefined };
      const second = await authorized.retry(answer, data, () => free(response));
      if (second !== undefined) {
        release(response);
        return sendWith(second);
      }
      authorized.attachCause(rejected?.error);
    }
    const redirect = manual && wasManual(response, config) && redirectFor(response, { url, method, body: data, hops });
    return redirect ? sendHop(sender, redirected(called, redirect), hops + 1) : settle(outcome);
  };
  return pending.then(sendWith, fail);
}
