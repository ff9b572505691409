import { bearerAuth as axiosAuth, type TokenSource } from '@tokenline/axios';
import { bearerAuth as gotAuth } from '@tokenline/got';
import { bearerAuth as kyAuth } from '@tokenline/ky';
import axios from 'axios';
import got from 'got';
import ky from 'ky';

/** Sends a GET and gives the status of the answer. */
export type Get = (path: string) => Promise<number>;

/** The one line, for each of the three clients: the client that you have goes in, the same with tokens comes out. */
export const clients: Record<string, (baseUrl: string, source: TokenSource) => Get> = {
  axios: (baseURL, source) => {
    const api = axiosAuth(axios.create({ baseURL }), source);
    return async (path) => (await api.get(path)).status;
  },
  got: (prefixUrl, source) => {
    const api = gotAuth(got.extend({ prefixUrl }), source);
    return async (path) => (await api.get(path)).statusCode;
  },
  ky: (prefix, source) => {
    const api = kyAuth(ky.create({ prefix }), source);
    return async (path) => (await api.get(path)).status;
  },
};
