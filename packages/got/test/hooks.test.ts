import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth } from '@tokenline/got';
import got from 'got';
import { startApi } from './api.ts';
import { startSource } from './source.ts';
import { newest, oldest } from './versions.ts';

const tokens = (requests: readonly { authorization: string | undefined }[]): unknown[] =>
  requests.map(({ authorization }) => authorization);

/** A body that begins, and never ends. */
async function* stalling(): AsyncGenerator<string> {
  yield 'you may not';
  await new Promise(() => {});
}

describe('the replay of a 401', () => {
  test('is no retry: the user’s beforeRetry and calculateDelay do not hear of it', async () => {
    const api = await startApi();
    const heard: unknown[] = [];
    const client = bearerAuth(
      got.extend({
        prefixUrl: api.origin,
        hooks: { beforeRetry: [(error) => void heard.push(error)] },
        retry: {
          enforceRetryRules: false,
          calculateDelay: (failed) => {
            heard.push(failed.error);
            return 0;
          },
        },
      }),
      startSource(),
    );
    api.next(unauthorized());
    const response = await client.post('orders', { json: { id: 7 } });
    expect(response).toMatchObject({ statusCode: 200, retryCount: 0 });
    expect(tokens(api.requests)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(api.requests[1]?.body.toString()).toBe('{"id":7}');
    expect(heard).toEqual([]);
  });

  test('leaves the user’s hooks and retries as they were for what comes after it', async () => {
    const api = await startApi();
    const heard: string[] = [];
    const client = bearerAuth(
      got.extend({
        prefixUrl: api.origin,
        hooks: {
          beforeRequest: [() => void heard.push('beforeRequest')],
          beforeRetry: [({ response }, count) => void heard.push(`beforeRetry ${count} after ${response?.statusCode}`)],
          afterResponse: [
            (response) => {
              heard.push(`afterResponse ${response.statusCode}`);
              return response;
            },
          ],
        },
        retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) },
      }),
      startSource(),
    );
    api.next(unauthorized(), { status: 503 });
    const response = await client('orders');
    expect(response).toMatchObject({ statusCode: 200, retryCount: 1 });
    expect(heard).toEqual([
      'beforeRequest',
      'afterResponse 503',
      'beforeRetry 1 after 503',
      'beforeRequest',
      'afterResponse 200',
    ]);
    expect(tokens(api.requests)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });

  test('follows a redirect with the user’s hooks, and without them happens once for each hop', async () => {
    const api = await startApi();
    const hops: (string | undefined)[] = [];
    const client = bearerAuth(
      got.extend({ prefixUrl: api.origin, hooks: { beforeRequest: [({ url }) => void hops.push(url?.pathname)] } }),
      startSource(),
    );
    api.next(unauthorized(), redirect('/landing', 307));
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(hops).toEqual(['/orders', '/landing']);
    expect(tokens(api.requests)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });

  test('keeps what a user’s hook made of the first attempt, instead of making it again', async () => {
    const api = await startApi();
    const client = bearerAuth(
      got.extend({
        prefixUrl: api.origin,
        hooks: { beforeRequest: [({ url }) => url?.searchParams.append('page', '1')] },
      }),
      startSource(),
    );
    api.next(unauthorized());
    await client('orders');
    expect(api.requests.map(({ url }) => url)).toEqual(['/orders?page=1', '/orders?page=1']);
  });

  test('is made before a hook of the user that throws at every 401 sees one', async () => {
    const api = await startApi();
    const client = bearerAuth(
      got.extend({
        prefixUrl: api.origin,
        hooks: {
          afterResponse: [
            (response) => {
              if (response.statusCode === 401) throw new Error('log in again');
              return response;
            },
          ],
        },
      }),
      startSource(),
    );
    api.next(unauthorized());
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    api.next(unauthorized(), unauthorized());
    await expect(client('orders')).rejects.toThrow('log in again');
    expect(api.requests).toHaveLength(4);
  });

  test('does not wait for a refusal whose body stalls', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, retry: { limit: 0 } }), startSource());
    api.next({ status: 401, body: stalling() });
    expect(await client.post('orders', { body: 'seven' })).toMatchObject({ statusCode: 200 });
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['seven', 'seven']);
  });
});

test.each([newest, oldest])(
  '$adapter.name replays a refusal that sets a cookie in a slow jar with that cookie',
  async ({ got: base }) => {
    const api = await startApi();
    const jar: string[] = [];
    const cookieJar = {
      getCookieString: async () => jar.join('; '),
      setCookie: async (cookie: string) => {
        await sleep(50);
        jar.push(cookie);
      },
    };
    const client = bearerAuth(base.extend({ prefixUrl: api.origin, cookieJar }), startSource());
    api.next({ status: 401, headers: { 'set-cookie': 'a=1' }, body: 'no '.repeat(100_000) });
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(api.requests[1]?.headers.cookie).toBe('a=1');
  },
);

describe.each([{}, { cache: new Map() }])('a beforeRequest hook after ours, with %j', (cache) => {
  test('that moves the request to another origin takes no token there', async () => {
    const [api, foreign] = await Promise.all([startApi(), startApi()]);
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, ...cache }), startSource()).extend({
      hooks: { beforeRequest: [(options) => void (options.url = new URL(foreign.origin))] },
    });
    foreign.next(unauthorized());
    await expect(client('orders')).rejects.toMatchObject({ code: 'ERR_NON_2XX_3XX_RESPONSE' });
    expect(tokens(foreign.requests)).toEqual([undefined]);
    expect(api.requests).toEqual([]);
  });

  test('that sets an Authorization of its own is respected, and its 401 handed over', async () => {
    const api = await startApi();
    const source = startSource();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, throwHttpErrors: false, ...cache }), source).extend({
      hooks: { beforeRequest: [({ headers }) => void (headers['authorization'] = 'Basic b3JkZXJz')] },
    });
    api.next(unauthorized());
    expect(await client('orders')).toMatchObject({ statusCode: 401 });
    expect(tokens(api.requests)).toEqual(['Basic b3JkZXJz']);
    expect(source.current).toBe(1);
  });
});

test('a user and password in the URL are an Authorization of the request’s own', async () => {
  const api = await startApi();
  const source = startSource();
  const client = bearerAuth(got.extend({ prefixUrl: api.origin }), source);
  await client('orders', { username: 'orders', password: 'secret' });
  expect(tokens(api.requests)).toEqual(['Basic b3JkZXJzOnNlY3JldA==']);
  expect(source.asked).toBe(0);
});
