import { Readable } from 'node:stream';
import type { AxiosError, AxiosInstance, AxiosResponse } from 'axios';

/** Sends a request, and gives the status of the API's answer. It throws where there is none. */
export interface Client {
  get(url: string): Promise<number>;
  postStream(url: string, text: string): Promise<number>;
}

/** What a page calls `api`. */
export type Api = AxiosInstance | typeof fetch | { readonly fetch: typeof fetch };

async function axiosStatus(answer: Promise<AxiosResponse>): Promise<number> {
  try {
    return (await answer).status;
  } catch (error) {
    const { response, config } = error as AxiosError;
    if (response === undefined || config?.url?.endsWith('/connect/token') === true) throw error;
    return response.status;
  }
}

const axiosClient = (api: AxiosInstance): Client => ({
  get: (url) => axiosStatus(api.get(url)),
  postStream: (url, text) => axiosStatus(api.post(url, Readable.from([text]))),
});

async function fetchStatus(answer: Promise<Response>): Promise<number> {
  try {
    const response = await answer;
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    const { name, status } = error as { name: string; status: number };
    // openid-client throws where an API answers with a challenge.
    if (name !== 'WWWAuthenticateChallengeError') throw error;
    return status;
  }
}

const fetchClient = (send: typeof fetch): Client => ({
  get: (url) => fetchStatus(send(url)),
  postStream(url, text) {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new Blob([text]).stream(), duplex: 'half' };
    return fetchStatus(send(url, init));
  },
});

export function clientOf(api: Api): Client {
  if ('interceptors' in api) return axiosClient(api);
  return fetchClient('fetch' in api ? (url, init) => api.fetch(url, init) : api);
}
