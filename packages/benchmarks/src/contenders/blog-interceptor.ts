import type { InternalAxiosRequestConfig } from 'axios';
import { isAxiosError } from 'axios';
import { axiosClient, axiosGet } from '../clients/axios.ts';
import type { Contender } from '../contender.ts';
import { requestToken } from './token-request.ts';

type Retried = InternalAxiosRequestConfig & { isRetry?: boolean };

/** The two interceptors that so many articles show. */
export const blogInterceptor: Contender = {
  name: 'blog-post interceptor',
  client: 'axios',
  role: 'peer',
  imports: {},
  usage: 'a token in a variable, renewed in a request interceptor; a 401 retried once in a response interceptor',
  open(target) {
    const client = axiosClient(target);
    let token: string | undefined;
    let expiresAt = 0;
    const renew = async (): Promise<void> => {
      const { access_token, expires_in } = await requestToken(target);
      token = access_token;
      expiresAt = Date.now() + expires_in * 1_000;
    };
    client.interceptors.request.use(async (config) => {
      if (token === undefined || Date.now() >= expiresAt) await renew();
      config.headers.Authorization = `Bearer ${token}`;
      return config;
    });
    client.interceptors.response.use(undefined, async (error: unknown) => {
      const config = isAxiosError(error) ? (error.config as Retried | undefined) : undefined;
      if (config === undefined || !isAxiosError(error) || error.response?.status !== 401 || config.isRetry) throw error;
      config.isRetry = true;
      await renew();
      config.headers.Authorization = `Bearer ${token}`;
      return client(config);
    });
    return { get: axiosGet(client), close: () => {} };
  },
};
