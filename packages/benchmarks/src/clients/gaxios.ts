import { gaxios } from 'google-auth-library';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';
import { fetchOf } from './fetch.ts';

/** The client of google-auth-library. */
export function gaxiosOptions({ stubbed, headers }: ClientOptions): gaxios.GaxiosOptions {
  return { ...(headers && { headers }), fetchImplementation: fetchOf({ stubbed }) };
}

export function gaxiosGet(
  client: { request(options: gaxios.GaxiosOptions): Promise<{ status: number }> },
  { api }: ClientOptions,
): Get {
  return async (path) => {
    try {
      return (await client.request({ url: `${api}${path}` })).status;
    } catch (error) {
      if (error instanceof gaxios.GaxiosError && error.status !== undefined) return error.status;
      throw error;
    }
  };
}
