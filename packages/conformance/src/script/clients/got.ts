import { bearerAuth } from '@tokenline/got';
import got from 'got';
import { makeBody, order } from '../bodies.ts';
import type { Driver } from './client.ts';

export const gotDriver: Driver = {
  name: 'got',
  replayed: ['JSON', 'string', 'Uint8Array'],
  usedUp: ['FormData'],
  create(api, source, options) {
    const client = bearerAuth(got.extend({ prefixUrl: api, retry: { limit: 0 } }), source, options);
    return {
      async send({ path, body: kind, signal }) {
        const body = kind && (kind === 'JSON' ? { json: { ...order } } : { body: makeBody(kind) as string });
        const { statusCode, body: text } = await client(path.slice(1), {
          throwHttpErrors: false,
          ...(kind && { method: 'POST', ...body }),
          ...(signal && { signal }),
        });
        return { status: statusCode, text };
      },
      result: (path) => client.get(path.slice(1)).catch((error: unknown) => error),
    };
  },
};
