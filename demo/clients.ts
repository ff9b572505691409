import { bearerAuth as axiosAuth, type TokenSource } from '@tokenline/axios';
import { bearerAuth as fetchAuth } from '@tokenline/fetch';
import { bearerAuth as gotAuth } from '@tokenline/got';
import { bearerAuth as kyAuth } from '@tokenline/ky';
import { bearerAuth as undiciAuth } from '@tokenline/undici';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { Agent, request } from 'undici';

/** Sends a GET, reads the answer, and gives its status. */
export type Get = (path: string) => Promise<number>;

/** The one line, for each of the clients: the client that you have goes in, the same with tokens comes out. */
export const clients: Record<string, (origin: string, source: TokenSource) => Get> = {
  axios: (baseURL, source) => {
    const api = axiosAuth(axios.create({ baseURL }), source);
    return async (path) => (await api.get(path)).status;
  },
  got: (prefixUrl, source) => {
    const api = gotAuth(got.extend({ prefixUrl }), source);
    return async (path) => (await api.get(path)).statusCode;
  },
  ky: (prefix, source) => {
    // A thousand requests at once take a busy machine longer than the ten seconds that ky allows.
    const api = kyAuth(ky.create({ prefix, timeout: false }), source);
    return async (path) => (await api.get(path)).status;
  },
  fetch: (origin, source) => {
    const api = fetchAuth(fetch, source, { origins: [origin] });
    return async (path) => {
      const response = await api(`${origin}/${path}`);
      await response.text();
      return response.status;
    };
  },
  undici: (origin, source) => {
    const dispatcher = undiciAuth(new Agent(), source, { origins: [origin] });
    return async (path) => {
      const { statusCode, body } = await request(`${origin}/${path}`, { dispatcher });
      await body.dump();
      return statusCode;
    };
  },
};
