import { Readable, Writable } from 'node:stream';
import got, { type Got } from 'got';
import type { Get } from '../contender.ts';
import type { ClientOptions } from './client.ts';

/** What got takes for Node's `ClientRequest`: it answers when it has been ended. */
class StubRequest extends Writable {
  constructor() {
    // Closed at once, it would be a request that was broken off.
    super({ autoDestroy: false });
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  override _final(done: () => void): void {
    done();
    const response = new Readable({ read: () => response.push(null) });
    this.emit(
      'response',
      Object.assign(response, {
        statusCode: 200,
        statusMessage: 'OK',
        headers: { 'content-length': '0' },
        rawHeaders: ['content-length', '0'],
        complete: true,
        httpVersion: '1.1',
        trailers: {},
        rawTrailers: [],
      }),
    );
  }
}

export function gotClient({ api, stubbed, headers }: ClientOptions): Got {
  return got.extend({
    prefixUrl: api,
    throwHttpErrors: false,
    // Its own retries would be counted with the requests of the contenders.
    retry: { limit: 0 },
    ...(headers && { headers }),
    ...(stubbed && { request: () => new StubRequest() as never }),
  });
}

export function gotGet(client: Got): Get {
  return async (path) => (await client.get(path.slice(1))).statusCode;
}
