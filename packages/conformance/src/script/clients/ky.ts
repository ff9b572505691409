import { bearerAuth } from '@tokenline/ky';
import ky from 'ky';
import { makeBody, order } from '../bodies.ts';
import type { Driver } from './client.ts';

export const kyDriver: Driver = {
  name: 'ky',
  replayed: ['JSON', 'string', 'URLSearchParams', 'ArrayBuffer', 'Uint8Array', 'Blob', 'FormData'],
  usedUp: ['stream'],
  create(api, source, options) {
    const client = bearerAuth(ky.create({ prefix: api, retry: 0, timeout: false }), source, options);
    return {
      async send({ path, body: kind, signal }) {
        const body = kind && (kind === 'JSON' ? { json: { ...order } } : { body: makeBody(kind) });
        const more = {
          ...(kind && { method: 'POST', ...body }),
          ...(kind === 'stream' && { duplex: 'half' }),
          ...(signal && { signal }),
        };
        const response = await client(path.slice(1), { throwHttpErrors: false, ...more });
        return { status: response.status, text: await response.text() };
      },
      result: (path) => client.get(path.slice(1)).catch((error: unknown) => error),
    };
  },
};
