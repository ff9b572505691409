import { Agent, Dispatcher, request } from 'undici';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';

const controller = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: [],
  rawTrailers: [],
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

/** Answers by itself, as soon as it is asked. */
class StubDispatcher extends Dispatcher {
  override dispatch(_request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    handler.onRequestStart?.(controller, {});
    handler.onResponseStart?.(controller, 200, { 'content-length': '0' }, 'OK');
    handler.onResponseEnd?.(controller, {});
    return true;
  }

  override async close(): Promise<void> {}
  override async destroy(): Promise<void> {}
}

export function undiciClient({ stubbed }: ClientOptions): Dispatcher {
  return stubbed ? new StubDispatcher() : new Agent();
}

export function undiciGet(dispatcher: Dispatcher, { api, headers }: ClientOptions): Get {
  return async (path) => {
    const response = await request(`${api}${path}`, { dispatcher, ...(headers && { headers }) });
    await response.body.dump();
    return response.statusCode;
  };
}
