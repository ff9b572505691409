import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth } from '@tokenline/got';
import got, { type HTTPError, type Request } from 'got';
import { startApi } from './api.ts';
import { startSource } from './source.ts';

describe('got.stream', () => {
  test('carries the token, up and down', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin }), startSource());
    expect(await text(client.stream('orders'))).toBe('{"status":200}');
    const upload = client.stream.post('orders');
    upload.resume();
    await pipeline(Readable.from(['sev', 'en'], { objectMode: false }), upload);
    await once(upload, 'end');
    expect(api.requests).toMatchObject([
      { method: 'GET', authorization: 'Bearer token-1' },
      { method: 'POST', authorization: 'Bearer token-1' },
    ]);
    expect(api.requests[1]?.body.toString()).toBe('seven');
  });

  test.each([true, false])('hands a 401 to its reader, whole (throwHttpErrors: %p)', async (throwHttpErrors) => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, throwHttpErrors }), startSource());
    const refusal = 'you may not '.repeat(200_000);
    api.next({ status: 401, body: refusal });
    const read = text(client.stream('orders')).catch((error: HTTPError) => error.response.body);
    expect(await read).toBe(refusal);
    expect(api.requests).toHaveLength(1);
  });

  test.each([true, false])('has another token after a 401 (throwHttpErrors: %p)', async (throwHttpErrors) => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, throwHttpErrors }), startSource());
    api.next(unauthorized());
    await text(client.stream('orders')).catch(() => {});
    await text(client.stream('orders'));
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('has another token when its user lets got retry a 401', async () => {
    const api = await startApi();
    const client = bearerAuth(
      got.extend({ prefixUrl: api.origin, retry: { statusCodes: [401], backoffLimit: 1, noise: 0 } }),
      startSource(),
    );
    api.next(unauthorized());
    const answer = await new Promise<string>((resolve, reject) => {
      const read = (stream: Request): void => {
        stream.once('retry', (_count: number, _error: unknown, again: () => Request) => read(again()));
        stream.once('response', () => void text(stream).then(resolve));
        stream.once('error', reject);
      };
      read(client.stream('orders'));
    });
    expect(answer).toBe('{"status":200}');
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});
