// A worker whose source is in module scope, as its users have it: all requests share it.
import { bearerAuth, type ClientTokenSource, createTokenSource } from '@tokenline/fetch';
import { waitUntil } from 'cloudflare:workers';
import type { WorldDescription } from '../../servers/protocol.ts';
import { Clock } from '../world.ts';

/** What a request wants of the worker. */
export interface SharedRequest {
  /** Starts anew, with another source. `waitUntil`: whether it is told how to outlive a request. */
  readonly open?: { readonly servers: WorldDescription; readonly timeout: number; readonly waitUntil: boolean };
  /** Puts the clock forward, by so many milliseconds. */
  readonly advance?: number;
  /** Gets a token, or sends a request with one. */
  readonly get?: 'token' | 'orders';
  /** The request leaves by its own signal after so many milliseconds. */
  readonly leave?: number;
}

export interface SharedAnswer {
  /** The token, or the status of the API. */
  readonly got?: string | number;
  readonly error?: string;
}

let clock = new Clock();
let source: ClientTokenSource;
let api: typeof fetch;
let origin = '';

async function answer({ open, advance = 0, get, leave }: SharedRequest): Promise<SharedAnswer> {
  if (open !== undefined) {
    const { servers, timeout } = open;
    clock = new Clock();
    origin = servers.api;
    // An ageing token is renewed in the background until its last moment.
    const renewal = { clock, timeout, expiryMargin: 0, ...(open.waitUntil && { waitUntil }) };
    source = createTokenSource({ ...servers.client, ...renewal });
    api = bearerAuth((...parameters: Parameters<typeof fetch>) => fetch(...parameters), source, { origins: [origin] });
  }
  clock.ahead += advance;
  const signal = leave === undefined ? undefined : AbortSignal.timeout(leave);
  try {
    if (get === 'token') return { got: (await source.getToken(signal ? { signal } : {})).value };
    if (get === 'orders') return { got: (await api(`${origin}/status/200`)).status };
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}

const worker: { fetch(request: Request): Promise<Response> } = {
  fetch: async (request) => Response.json(await answer((await request.json()) as SharedRequest)),
};
// eslint-disable-next-line import/no-default-export -- a worker is a default export
export default worker;
