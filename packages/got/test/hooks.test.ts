import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { bearerAuth } from '@tokenline/got';
import got from 'got';
import { startApi, startSource } from './api-server.ts';

const tokens = (received: readonly { authorization: string | undefined }[]): unknown[] =>
  received.map(({ authorization }) => authorization);

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
    api.next(401);
    const response = await client.post('orders', { json: { id: 7 } });
    expect(response).toMatchObject({ statusCode: 200, retryCount: 0 });
    expect(tokens(api.received)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(api.received[1]?.body).toBe('{"id":7}');
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
    api.next(401, 503);
    const response = await client('orders');
    expect(response).toMatchObject({ statusCode: 200, retryCount: 1 });
    expect(heard).toEqual([
      'beforeRequest',
      'afterResponse 503',
      'beforeRetry 1 after 503',
      'beforeRequest',
      'afterResponse 200',
    ]);
    expect(tokens(api.received)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });

  test('follows a redirect with the user’s hooks, and without them happens once for each hop', async () => {
    const api = await startApi();
    const hops: (string | undefined)[] = [];
    const client = bearerAuth(
      got.extend({ prefixUrl: api.origin, hooks: { beforeRequest: [({ url }) => void hops.push(url?.pathname)] } }),
      startSource(),
    );
    api.next(401, (response) => response.writeHead(307, { location: '/landing' }).end());
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(hops).toEqual(['/orders', '/landing']);
    expect(tokens(api.received)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
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
    api.next(401);
    await client('orders');
    expect(api.received.map(({ url }) => url)).toEqual(['/orders?page=1', '/orders?page=1']);
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
    api.next(401);
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    api.next(401, 401);
    await expect(client('orders')).rejects.toThrow('log in again');
    expect(api.received).toHaveLength(4);
  });

  test('does not wait for a refusal whose body stalls', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, retry: { limit: 0 } }), startSource());
    api.next((response) => void response.writeHead(401).write('you may not'));
    expect(await client.post('orders', { body: 'seven' })).toMatchObject({ statusCode: 200 });
    expect(api.received.map(({ body }) => body)).toEqual(['seven', 'seven']);
  });
});

test('a refusal that sets a cookie in a slow jar is replayed with that cookie', async () => {
  const api = await startApi();
  const jar: string[] = [];
  const cookieJar = {
    getCookieString: async () => jar.join('; '),
    setCookie: async (cookie: string) => {
      await sleep(50);
      jar.push(cookie);
    },
  };
  const client = bearerAuth(got.extend({ prefixUrl: api.origin, cookieJar }), startSource());
  api.next((response) => response.writeHead(401, { 'set-cookie': 'a=1' }).end('no '.repeat(100_000)));
  expect(await client('orders')).toMatchObject({ statusCode: 200 });
  expect(api.received[1]?.headers.cookie).toBe('a=1');
});

describe('a beforeRequest hook after ours', () => {
  test('that moves the request to another origin takes no token there', async () => {
    const [api, foreign] = await Promise.all([startApi(), startApi()]);
    const client = bearerAuth(got.extend({ prefixUrl: api.origin }), startSource()).extend({
      hooks: { beforeRequest: [(options) => void (options.url = new URL(foreign.origin))] },
    });
    foreign.next(401);
    await expect(client('orders')).rejects.toMatchObject({ code: 'ERR_NON_2XX_3XX_RESPONSE' });
    expect(tokens(foreign.received)).toEqual([undefined]);
    expect(api.received).toEqual([]);
  });

  test('that sets an Authorization of its own is respected, and its 401 handed over', async () => {
    const api = await startApi();
    const source = startSource();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, throwHttpErrors: false }), source).extend({
      hooks: { beforeRequest: [({ headers }) => void (headers['authorization'] = 'Basic b3JkZXJz')] },
    });
    api.next(401);
    expect(await client('orders')).toMatchObject({ statusCode: 401 });
    expect(tokens(api.received)).toEqual(['Basic b3JkZXJz']);
    expect(source.current).toBe(1);
  });
});

test('a user and password in the URL are an Authorization of the request’s own', async () => {
  const api = await startApi();
  const source = startSource();
  const client = bearerAuth(got.extend({ prefixUrl: api.origin }), source);
  await client('orders', { username: 'orders', password: 'secret' });
  expect(tokens(api.received)).toEqual(['Basic b3JkZXJzOnNlY3JldA==']);
  expect(source.asked).toBe(0);
});
