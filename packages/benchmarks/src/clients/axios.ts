import axios, { AxiosHeaders, type AxiosAdapter, type AxiosInstance, isAxiosError } from 'axios';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';

const answer: AxiosAdapter = async (config) => ({
  data: '',
  status: 200,
  statusText: 'OK',
  headers: new AxiosHeaders({ 'content-length': '0' }),
  config,
});

export function axiosClient({ api, stubbed, headers }: ClientOptions): AxiosInstance {
  return axios.create({ baseURL: api, ...(headers && { headers }), ...(stubbed && { adapter: answer }) });
}

export function axiosGet(client: AxiosInstance): Get {
  return async (path) => {
    try {
      return (await client.get(path)).status;
    } catch (error) {
      if (isAxiosError(error) && error.response !== undefined) return error.response.status;
      throw error;
    }
  };
}
