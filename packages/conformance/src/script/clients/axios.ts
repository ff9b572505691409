import { bearerAuth } from '@tokenline/axios';
import axios from 'axios';
import { makeBody, order } from '../bodies.ts';
import type { Driver } from './client.ts';

/** With the adapter that axios itself chooses in the runtime. */
export const axiosDriver: Driver = {
  name: 'axios',
  replayed: ['JSON', 'string', 'URLSearchParams', 'ArrayBuffer', 'Uint8Array', 'Blob', 'FormData'],
  usedUp: [],
  create(api, source, options) {
    const client = bearerAuth(axios.create({ baseURL: api }), source, options);
    return {
      async send({ path, body: kind, signal }) {
        const { status, data } = await client.request<string>({
          url: path,
          responseType: 'text',
          validateStatus: null,
          ...(kind && { method: 'POST', data: kind === 'JSON' ? { ...order } : makeBody(kind) }),
          ...(signal && { signal }),
        });
        return { status, text: typeof data === 'string' ? data : JSON.stringify(data) };
      },
      result: (path) => client.get(path).catch((error: unknown) => error),
    };
  },
};
