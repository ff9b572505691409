import type { FetchLike } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/axios';
import type { AxiosError, AxiosStatic } from 'axios';

/** axios over its `fetch` adapter, called as `fetch` is. */
export function fetchLike(axios: AxiosStatic, source: TokenSource, origins: readonly string[]): FetchLike {
  const client = bearerAuth(axios.create({ adapter: 'fetch', validateStatus: () => true }), source, { origins });
  return async (url, { method = 'GET', body, headers, redirect } = {}) => {
    const request = { url, method, data: body as unknown, headers: headers as Record<string, string> };
    const answer = client.request({ ...request, ...(redirect && { fetchOptions: { redirect } }) });
    const { status, request: sent } = await answer.catch((error: AxiosError) => Promise.reject(error.cause));
    const landing = (sent as Request).url;
    return { status, url: landing, redirected: landing !== url } as Response;
  };
}
