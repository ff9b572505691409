import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, isTokenError, type TokenSource } from '@tokenline/axios';
import axios, {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type CreateAxiosDefaults,
  type InternalAxiosRequestConfig,
} from 'axios';
import { axiosAdapter } from './driver.ts';

describe.each(['http', 'fetch'] as const)('bearerAuth with axios over %s', (transport) => {
  const world = useWorld(axiosAdapter(axios));
  const attach = (options: CreateAxiosDefaults = {}): AxiosInstance =>
    bearerAuth(axios.create({ baseURL: world.api.origin, adapter: transport, ...options }), world.source());

  test('gives back the very instance, which works in all its forms', async () => {
    const { api } = world;
    const client = axios.create({ baseURL: api.origin, adapter: transport });
    expect(bearerAuth(client, world.source())).toBe(client);
    api.next(unauthorized());
    expect(await client('/orders')).toMatchObject({ status: 200 });
    expect(await client.post('/orders', { id: 7 })).toMatchObject({ data: { body: { text: '{"id":7}' } } });
    expect(await client.postForm('/orders', { id: 7 })).toMatchObject({ status: 200 });
  });

  test('transforms a request once', async () => {
    let transformed = 0;
    const transformRequest = (data: unknown): string => `${String(data)}${++transformed}`;
    world.api.next(unauthorized());
    await attach({ transformRequest }).post('/orders', 'n');
    expect(world.api.requests.map(({ body }) => body.toString())).toEqual(['n1', 'n1']);
  });

  test('answers a 401 that validateStatus calls a success', async () => {
    const client = attach({ validateStatus: () => true });
    world.api.next(unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    world.api.next(unauthorized('Basic'));
    expect(await client.get('/orders')).toMatchObject({ status: 401 });
  });

  test('lets go of a streamed 401, and streams the final answer', async () => {
    const { api } = world;
    const httpAgent = new Agent({ keepAlive: true });
    const client = axios.create({ baseURL: api.origin, adapter: transport, responseType: 'stream', httpAgent });
    bearerAuth(client, sourceOf('a', 'b'));
    for (let count = 0; count < 10; count++) {
      api.next(unauthorized(undefined, { body: 'no'.repeat(1_000) }), { body: 'yes'.repeat(50_000) });
      const { data } = await client.get<Readable>('/orders');
      expect(await text(data)).toHaveLength(150_000);
    }
    expect(api.connections).toBeLessThanOrEqual(2);
    httpAgent.destroy();
  });

  test('a cancel token ends the wait for a token', async () => {
    world.identity.fail('hanging');
    const { token, cancel } = axios.CancelToken.source();
    const request = attach().get('/orders', { cancelToken: token });
    await Promise.all([
      expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED' }),
      until(() => world.identity.tokenRequests === 1, 'a token was asked for').then(() => cancel('enough')),
    ]);
    expect(world.api.requests).toEqual([]);
  });

  test('an Authorization among the defaults, or basic auth, is respected', async () => {
    const { api, identity } = world;
    api.next({}, {}, {});
    await attach({ headers: { Authorization: 'Basic eDp5' } }).get('/orders');
    await attach({ headers: { common: { authorization: 'Basic eDp5' } } }).get('/orders');
    await attach({ auth: { username: 'x', password: 'y' } }).get('/orders');
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Basic eDp5'));
    expect(identity.tokenRequests).toBe(0);
  });

  test.each<[string, (origin: string) => object]>([
    ['an absolute URL', (origin) => ({ url: `${origin}/orders` })],
    ['an absolute URL in upper case', (origin) => ({ url: `${origin.replace('http', 'HTTP')}/orders` })],
    ['another base URL', (origin) => ({ url: '/orders', baseURL: origin })],
  ])('%s elsewhere goes without the token', async (_, config) => {
    world.foreign.next({});
    await attach().request(config(world.foreign.origin));
    expect(world.foreign.requests).toMatchObject([{ url: '/orders', authorization: undefined }]);
  });

  test('an interceptor that runs later may send the request elsewhere, without the token', async () => {
    const client = axios.create({ baseURL: world.api.origin, adapter: transport });
    // axios runs what was added first last.
    client.interceptors.request.use((config) => ({ ...config, baseURL: world.foreign.origin }));
    world.foreign.next({});
    await bearerAuth(client, world.source()).get('/orders');
    expect(world.foreign.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('a config that is sent again asks for a token again', async () => {
    const { api, identity } = world;
    const client = attach();
    api.next({ status: 503 });
    const { config } = await client.get('/orders').catch((error: AxiosError) => error as Required<AxiosError>);
    identity.revokeAll();
    expect(await client.request(config)).toMatchObject({ status: 200 });
    expect(api.requests).toHaveLength(3);
  });

  test('an adapter of the user’s own gets the token, and its 401 is answered', async () => {
    const seen: unknown[] = [];
    const own = attach({
      adapter: (config) => {
        seen.push(config.headers.get('authorization'));
        const status = seen.length === 1 ? 401 : 200;
        return Promise.resolve({ status, statusText: '', headers: {}, data: 'own', config });
      },
    });
    expect(await own.get('/orders')).toMatchObject({ status: 200, data: 'own' });
    expect(new Set(seen).size).toBe(2);
  });

  test('an adapter of the user’s own keeps what it was given, and its errors show no token', async () => {
    const seen: InternalAxiosRequestConfig[] = [];
    const own: AxiosAdapter = (config) => {
      seen.push(config);
      throw Object.assign(new Error('broken'), { config });
    };
    const error = await attach({ adapter: own })
      .get('/orders')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: 'broken', config: { adapter: own, url: '/orders' } });
    expect((error as AxiosError).config?.headers.has('authorization')).toBe(false);
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual([expect.stringMatching(/^Bearer /)]);
  });

  test('a request that is never sent says why', async () => {
    world.identity.fail('unavailable');
    const error: unknown = await attach()
      .get('/orders')
      .catch((caught: unknown) => caught);
    expect(isTokenError(error)).toBe(true);
  });
});

test('a fetch of the user’s own stays that of its axios instance', async () => {
  const source = sourceOf('a', 'b');
  const answers = [new Response(null, { status: 401 }), new Response('own')];
  const fetch = async (): Promise<Response> => answers.shift() ?? Response.error();
  const client = axios.create({ baseURL: 'https://api.example.com', adapter: 'fetch', env: { fetch } });
  expect(await bearerAuth(client, source).get('/orders')).toMatchObject({ data: 'own' });
  expect(client.defaults.env?.fetch).toBe(fetch);
});

test('a refused stream of fetch is read before another token is asked for, and is there if none comes', async () => {
  const refused = new Response('no', { status: 401 });
  const read: boolean[] = [];
  const same = sourceOf('a');
  const source: TokenSource = { getToken: () => (read.push(refused.bodyUsed), same.getToken()) };
  const env = { fetch: async () => refused };
  const client = axios.create({ baseURL: 'https://api.example.com', adapter: 'fetch', responseType: 'stream', env });
  const error = await bearerAuth(client, source)
    .get('/orders')
    .catch((caught: AxiosError<Readable>) => caught as Required<typeof caught>);
  expect(read).toEqual([false, true]);
  expect(await text((error as { response: { data: Readable } }).response.data)).toBe('no');
});
