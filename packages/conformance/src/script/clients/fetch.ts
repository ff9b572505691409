import { bearerAuth } from '@tokenline/fetch';
import { makeBody } from '../bodies.ts';
import type { Driver } from './client.ts';

export const fetchDriver: Driver = {
  name: 'fetch',
  replayed: [
    'string',
    'URLSearchParams',
    'ArrayBuffer',
    'Uint8Array',
    'Blob',
    'FormData',
    'Request of a string',
    'Request of a FormData',
  ],
  usedUp: ['stream'],
  create(api, source, options) {
    // Called as a method of nothing, which browsers insist on.
    const client = bearerAuth((...parameters: Parameters<typeof fetch>) => fetch(...parameters), source, {
      origins: [api],
      ...options,
    });
    return {
      async send({ path, body: kind, signal }) {
        const url = new URL(path, api).href;
        const body = kind && makeBody(kind);
        const init = {
          ...(kind && { method: 'POST', body: body! }),
          ...(kind === 'stream' && { duplex: 'half' }),
          ...(signal && { signal }),
        };
        const response = await (kind?.startsWith('Request') ? client(new Request(url, init)) : client(url, init));
        return { status: response.status, text: await response.text() };
      },
      result: (path) => client(new URL(path, api).href),
    };
  },
};
