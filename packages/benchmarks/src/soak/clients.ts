import { bearerAuth as axiosAuth, type TokenSource } from '@tokenline/axios';
import { bearerAuth as fetchAuth } from '@tokenline/fetch';
import { bearerAuth as gotAuth } from '@tokenline/got';
import { bearerAuth as kyAuth } from '@tokenline/ky';
import { bearerAuth as undiciAuth } from '@tokenline/undici';
import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { Agent, request as send } from 'undici';

/** A request that every client can make. */
export interface SoakRequest {
  readonly path: string;
  readonly json?: object;
  readonly signal: AbortSignal;
}

/** Makes a request, reads its answer, and gives the status. */
export type Make = (request: SoakRequest) => Promise<number>;

/** All five, each attached as its README says. */
export const soakClients: Readonly<Record<string, (origin: string, source: TokenSource) => Make>> = {
  axios: (origin, source) => {
    const api = axiosAuth(axios.create({ baseURL: origin, validateStatus: () => true }), source);
    return async ({ path, json, signal }) =>
      (await api.request({ url: path, method: json ? 'POST' : 'GET', ...(json && { data: json }), signal })).status;
  },
  got: (origin, source) => {
    const api = gotAuth(got.extend({ prefixUrl: origin, throwHttpErrors: false, retry: { limit: 0 } }), source);
    return async ({ path, json, signal }) =>
      (await api(path.slice(1), { method: json ? 'POST' : 'GET', ...(json && { json }), signal })).statusCode;
  },
  ky: (origin, source) => {
    const api = kyAuth(ky.create({ prefix: origin, throwHttpErrors: false, retry: 0 }), source);
    return async ({ path, json, signal }) => {
      const response = await api(path.slice(1), { method: json ? 'POST' : 'GET', ...(json && { json }), signal });
      await response.arrayBuffer();
      return response.status;
    };
  },
  fetch: (origin, source) => {
    const api = fetchAuth(fetch, source, { origins: [origin] });
    return async ({ path, json, signal }) => {
      const body = json && { method: 'POST', body: JSON.stringify(json) };
      const response = await api(`${origin}${path}`, { ...body, signal });
      await response.arrayBuffer();
      return response.status;
    };
  },
  undici: (origin, source) => {
    const dispatcher = undiciAuth(new Agent(), source, { origins: [origin] });
    return async ({ path, json, signal }) => {
      const body = json && { method: 'POST' as const, body: JSON.stringify(json) };
      const response = await send(`${origin}${path}`, { dispatcher, ...body, signal });
      await response.body.arrayBuffer();
      return response.statusCode;
    };
  },
};
