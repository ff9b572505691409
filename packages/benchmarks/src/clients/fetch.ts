import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';

/** The global `fetch`, or one that answers by itself. */
export function fetchOf({ stubbed }: Pick<ClientOptions, 'stubbed'>): typeof fetch {
  return stubbed ? async () => new Response(null, { status: 200 }) : globalThis.fetch;
}

export function fetchGet(client: typeof fetch, { api, headers }: ClientOptions): Get {
  return async (path) => {
    const response = await client(`${api}${path}`, headers && { headers });
    await response.arrayBuffer();
    return response.status;
  };
}
