import ky, { type KyInstance } from 'ky';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';
import { fetchOf } from './fetch.ts';

export function kyClient({ api, stubbed, headers }: ClientOptions): KyInstance {
  return ky.create({
    prefix: api,
    throwHttpErrors: false,
    retry: 0,
    ...(headers && { headers }),
    ...(stubbed && { fetch: fetchOf({ stubbed }) }),
  });
}

export function kyGet(client: KyInstance): Get {
  return async (path) => {
    const response = await client.get(path.slice(1));
    await response.arrayBuffer();
    return response.status;
  };
}
