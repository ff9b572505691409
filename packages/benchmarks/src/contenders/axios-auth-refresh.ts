import type { AxiosError } from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import { axiosClient, axiosGet } from '../clients/axios.ts';
import type { Contender } from '../contender.ts';
import { requestToken } from './token-request.ts';

/** Waits for a 401, and has one refresh for all who got one meanwhile. */
export const axiosAuthRefresh: Contender = {
  name: 'axios-auth-refresh',
  client: 'axios',
  role: 'peer',
  imports: { 'axios-auth-refresh': ['createAuthRefresh'] },
  usage:
    '`createAuthRefresh(axios, refreshAuthLogic)` with its defaults and the request interceptor of its README; the token request is ours',
  open(target) {
    const client = axiosClient(target);
    let token: string | undefined;
    client.interceptors.request.use((config) => {
      config.headers['Authorization'] = `Bearer ${token}`;
      return config;
    });
    createAuthRefresh(client as never, async (failed: AxiosError) => {
      token = (await requestToken(target)).access_token;
      if (failed.response) failed.response.config.headers['Authorization'] = `Bearer ${token}`;
    });
    return { get: axiosGet(client), close: () => {} };
  },
};
