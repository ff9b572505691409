import axios, { type AxiosError } from 'axios';
import type { Get } from './clients.ts';

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

/**
 * What one writes without a library: it keeps the token until it expires, and answers a 401 with a new token and a second
 * attempt. Requests that leave at the same time know nothing of each other.
 */
export function naiveInterceptor(baseURL: string, tokenEndpoint: string, client: Client, now: () => number): Get {
  const { clientId, clientSecret, scope } = client;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  let token = { value: '', expiresAt: 0 };
  const renew = async (): Promise<void> => {
    const { data } = await axios.post(tokenEndpoint, new URLSearchParams(form));
    token = { value: data.access_token, expiresAt: now() + data.expires_in * 1_000 };
  };

  const api = axios.create({ baseURL });
  api.interceptors.request.use(async (config) => {
    if (token.expiresAt <= now()) await renew();
    config.headers.set('Authorization', `Bearer ${token.value}`);
    return config;
  });
  api.interceptors.response.use(undefined, async (error: AxiosError) => {
    if (error.response?.status !== 401 || error.config === undefined) throw error;
    await renew();
    return axios.request({ ...error.config, headers: { Authorization: `Bearer ${token.value}` } });
  });
  return async (path) => (await api.get(path)).status;
}
