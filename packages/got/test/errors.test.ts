import { inspect } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, TokenError, tokenErrorOf } from '@tokenline/got';
import got, { HTTPError, RequestError, TimeoutError } from 'got';
import { startApi } from './api.ts';
import { startSource } from './source.ts';

describe('when no token can be had', () => {
  test('the request fails with the TokenError as its cause, is not sent and not retried', async () => {
    const api = await startApi();
    const source = startSource();
    const failure = new TokenError('ERR_TOKEN_REQUEST', 'no token: the server is down', { transient: true });
    source.failure = failure;
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, retry: { limit: 5 } }), source);
    const error: unknown = await client('orders').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', message: failure.message });
    expect(tokenErrorOf(error)).toBe(failure);
    expect(source.asked).toBe(1);
    expect(api.requests).toEqual([]);
  });

  test('a stream fails with it too, and so does a request through got’s cache', async () => {
    const api = await startApi();
    const source = startSource();
    source.failure = new TokenError('ERR_TOKEN_REQUEST', 'no token');
    const client = bearerAuth(got.extend({ prefixUrl: api.origin }), source);
    for (const request of [client.stream('orders').toArray(), client('orders', { cache: new Map() })]) {
      const error: unknown = await Promise.resolve(request).catch((reason: unknown) => reason);
      expect(tokenErrorOf(error)).toBe(source.failure);
    }
    expect(api.requests).toEqual([]);
  });
});

describe('when a renewal fails', () => {
  test('the first 401 is thrown with the reason as its cause, which the user’s beforeError sees', async () => {
    const api = await startApi();
    const source = startSource();
    const causes: unknown[] = [];
    const hooks = {
      beforeError: [
        (error: RequestError) => {
          causes.push(error.cause);
          return error;
        },
      ],
    };
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, hooks }), source);
    await client('orders');
    api.respond = () => {
      source.failure = new TokenError('ERR_TOKEN_REQUEST', 'no token');
      return { status: 401, body: 'first' };
    };
    const request = client('orders');
    await expect(request).rejects.toBeInstanceOf(HTTPError);
    await expect(request).rejects.toMatchObject({ response: { statusCode: 401, body: 'first' } });
    expect(causes).toEqual([source.failure]);
    expect(api.requests).toHaveLength(2);
  });

  test('the user’s afterResponse hooks see the first 401 once', async () => {
    const api = await startApi();
    const source = startSource();
    const seen: number[] = [];
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, throwHttpErrors: false }), source).extend({
      hooks: {
        afterResponse: [
          (response) => {
            seen.push(response.statusCode);
            return response;
          },
        ],
      },
    });
    api.respond = () => {
      source.failure = new TokenError('ERR_TOKEN_REQUEST', 'no token');
      return unauthorized();
    };
    expect(await client('orders')).toMatchObject({ statusCode: 401 });
    expect(seen).toEqual([401]);
    expect(api.requests).toHaveLength(1);
  });
});

describe('a time-out of got', () => {
  test('begins when the token is there', async () => {
    const api = await startApi();
    const source = startSource();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, timeout: { request: 654_321 } }), source);
    const timers = jest.spyOn(globalThis, 'setTimeout');
    // got 16 starts what is left of it, which is less on a busy machine. No other timer is nearly as long.
    const started = (): number =>
      timers.mock.calls.filter(([, delay = 0]) => delay > 300_000 && delay <= 654_321).length;
    const getToken = jest.spyOn(source, 'getToken').mockImplementation(async () => {
      expect(started()).toBe(0);
      return { value: 'token-1' };
    });
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect([getToken.mock.calls.length, started()]).toEqual([1, 1]);
    timers.mockRestore();
    api.next({ after: new Promise(() => {}) });
    const slow = client('orders', { timeout: { request: 100 }, retry: { limit: 0 } });
    await expect(slow).rejects.toBeInstanceOf(TimeoutError);
  });
});

describe('the token', () => {
  test.each([true, false])(
    'is in no response, no error and no options, printed or as JSON (cached: %p)',
    async (cached) => {
      const api = await startApi();
      const source = startSource();
      const client = bearerAuth(
        got.extend({ prefixUrl: api.origin, ...(cached && { cache: new Map() }), retry: { limit: 0 } }),
        source,
      );
      api.next({ status: 403 }, unauthorized(), unauthorized(), { broken: true });
      for (let count = 0; count < 3; count++) {
        const error = await client('orders').catch((reason: RequestError) => reason);
        expect(error).toBeInstanceOf(RequestError);
        expect(inspect(error, { depth: 9 })).not.toMatch(/token-\d/);
        expect(JSON.stringify(error)).not.toMatch(/token-\d/);
      }
      const response = await client('orders');
      expect(inspect(response, { depth: 9 })).not.toMatch(/token-\d/);
      expect(inspect(response.request.options, { depth: 9 })).not.toMatch(/token-\d/);
      expect(api.requests).toHaveLength(5);
    },
  );
});
