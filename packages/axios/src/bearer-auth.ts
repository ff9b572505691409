import type { BearerAuthOptions, BearerAuthRequest, TokenSource } from '@tokenline/core';
import { Authorizer } from '@tokenline/core/adapter';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { type Adapter, belowOf } from './adapters.ts';
import { assertAxios } from './instance.ts';
import { send } from './send.ts';

declare module 'axios' {
  interface AxiosRequestConfig {
    /**
     * `false` sends this request without a token, `{ scope: 'orders.write' }` with a token for that scope; `{ refused }` says
     * which answers refuse the token.
     * @defaultValue the token of the source
     */
    bearerAuth?: BearerAuthRequest;
  }
}

/** What an interceptor of ours tells of itself. */
interface Attached {
  readonly source: TokenSource;
  readonly covers: (origin: string | URL) => boolean;
}

/** What axios takes where neither the request nor the instance names an adapter. */
const usual = ['xhr', 'http', 'fetch'];

/**
 * What is needed of an axios instance. axios has other types for CommonJS than for ES modules, and an instance of the one does
 * not fit a parameter of the other.
 */
export interface AxiosClient {
  readonly defaults: { baseURL?: string | undefined };
  readonly interceptors: { readonly request: { use(...handlers: never[]): number } };
}

/**
 * Makes an axios instance send a valid token with its requests to its base URL. A 401 that another token can put right is
 * answered with one, once. For a single request, pass `bearerAuth: false` in its config to send no token, or
 * `bearerAuth: { scope: 'orders.write' }` to send another one.
 *
 * The base URL may change later: the token goes to the origin of the latest one. Attaching the same source again for the same
 * origins changes nothing.
 *
 * @param source - where the tokens come from: `createTokenSource` makes one.
 * @param options - `origins` for an instance without a base URL, or for more origins than its own; `refused`, `scheme` and `replace`.
 * @returns the same instance. Beyond the errors of axios, its requests reject with a `TokenError` when no token can be
 * acquired.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no axios instance, no source or no origin, or an option is
 * malformed or does not exist.
 * @example
 * ```ts
 * const api = bearerAuth(axios.create({ baseURL: 'https://api.example.com' }), source);
 * const { data } = await api.get('/orders');
 * ```
 */
export function bearerAuth<Axios extends AxiosClient>(
  client: Axios,
  source: TokenSource,
  options?: BearerAuthOptions,
): Axios;
export function bearerAuth(client: AxiosInstance, source: TokenSource, options?: BearerAuthOptions): AxiosInstance {
  assertAxios(client);
  let base = client.defaults.baseURL;
  let authorizer = new Authorizer(source, base, options);
  const current = (): Authorizer => {
    const { baseURL } = client.defaults;
    if (baseURL && baseURL !== base) {
      authorizer = new Authorizer(source, baseURL, options);
      base = baseURL;
    }
    return authorizer;
  };
  const covers = (origin: string | URL): boolean => current().allows(String(origin));
  const { request } = client.interceptors;
  const attached = request.handlers?.some((handler) => {
    const other = handler?.fulfilled as Partial<Attached> | null | undefined;
    return other?.source === source && (options?.origins ?? []).every(other.covers!);
  });
  if (attached) return client;
  // The interceptor only wraps the adapter, which sends the request after all interceptors: the token is judged by the final
  // URL, and no interceptor sees the first 401.
  const intercept = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const adapter = (config.adapter || client.defaults.adapter || usual) as Adapter;
    const wrapped: Adapter = (final) => send(current(), adapter, final);
    wrapped.below = belowOf(adapter);
    config.adapter = wrapped;
    return config;
  };
  request.use(Object.assign(intercept, { source, covers } satisfies Attached), null, { synchronous: true });
  return client;
}
