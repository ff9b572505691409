import type { BearerAuthOptions, BearerAuthRequest, TokenSource } from '@tokenline/core';
import { Authorizer, wrongClient } from '@tokenline/core/adapter';
import type { AxiosInstance } from 'axios';
import { observedFetch } from './observed-fetch.ts';
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

/**
 * Makes an axios instance send a valid token with its requests to its base URL. A 401 that another token can put right is
 * answered with one, once. For a single request, pass `bearerAuth: false` in its config to send no token, or
 * `bearerAuth: { scope: 'orders.write' }` to send another one.
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
export function bearerAuth<Axios extends AxiosInstance>(
  client: Axios,
  source: TokenSource,
  options?: BearerAuthOptions,
): Axios {
  if (typeof client?.interceptors?.request?.use !== 'function') throw wrongClient('an axios instance');
  const authorizer = new Authorizer(source, client.defaults.baseURL, options);
  client.defaults.env = { fetch: observedFetch, ...client.defaults.env };
  // The interceptor only wraps the adapter, which sends the request after all interceptors: the token is judged by the final
  // URL, and no interceptor sees the first 401.
  client.interceptors.request.use(
    (config) => {
      const adapter = config.adapter ?? client.defaults.adapter;
      config.adapter = (final) => send(authorizer, adapter, final);
      return config;
    },
    null,
    { synchronous: true },
  );
  return client;
}
