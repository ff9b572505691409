import {
  Authorizer,
  type BearerAuthOptions,
  type BearerAuthRequest,
  type TokenSource,
  wrongClient,
} from '@tokenline/core';
import type { AxiosInstance } from 'axios';
import { sendAuthorized } from './authorized-adapter.ts';
import { observedFetch } from './observed-fetch.ts';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false` sends this request without a token; `{ scope: 'orders.write' }` and the like with one for that. */
    bearerAuth?: BearerAuthRequest;
  }
}

/**
 * Makes an axios instance send a valid token with its requests to its base URL, and answer a 401 that another token can
 * answer with one, once. One request goes without a token, or with another one, by `bearerAuth: false` or
 * `bearerAuth: { scope: 'orders.write' }` in its config.
 *
 * @param source - where the tokens come from; `createTokenSource` makes one.
 * @param options - `origins` for an instance without a base URL, or for more origins than its own.
 * @returns the very instance that was given. Beyond axios' own errors, its requests reject with a `TokenError` when no
 * token can be had.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no axios instance, no source, or no origin that may have the token.
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
  if (typeof client?.interceptors?.request?.use !== 'function') {
    throw wrongClient('an axios instance');
  }
  const authorizer = new Authorizer(source, client.defaults.baseURL, options);
  client.defaults.env = { fetch: observedFetch, ...client.defaults.env };
  // The interceptor only puts itself where the request really leaves: whatever the interceptors after it change, the
  // token is judged by what is sent, and a first 401 is seen by none of those before it.
  client.interceptors.request.use(
    (config) => {
      const adapter = config.adapter ?? client.defaults.adapter;
      config.adapter = (final) => sendAuthorized(authorizer, adapter, final);
      return config;
    },
    null,
    { synchronous: true },
  );
  return client;
}
