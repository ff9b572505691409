import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { redirect } from '@tokenline/adapter-tests';
import { describeRedirects, sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type CreateAxiosDefaults,
} from 'axios';
import nodeFetch from 'node-fetch';
import { axiosAdapter } from './driver.ts';
import { fetchLike } from './fetch-like.ts';

const adapter = axiosAdapter(axios, 'fetch');
describeRedirects({ name: adapter.name, adapter, attach: (...given) => fetchLike(axios, ...given) });

/** An adapter of the user's around that of axios. */
const around: AxiosAdapter = (config) => axios.getAdapter('fetch', config)(config);
const own = { fetch: nodeFetch as unknown as typeof fetch, Request: null, Response: null } as never;

describe.each<[string, CreateAxiosDefaults]>([
  ['the fetch of the runtime', {}],
  ['the fetch of the runtime without its Request', { env: { Request: null } as never }],
  ['node-fetch', { env: own }],
  ['the fetch of the runtime, by an adapter around it,', { adapter: around }],
  ['node-fetch, by an adapter around it,', { adapter: around, env: own }],
])('a redirect with axios over %s', (_, options) => {
  const world = useWorld(adapter);
  const attach = (more: CreateAxiosDefaults = {}, origins: readonly string[] = []): AxiosInstance =>
    bearerAuth(axios.create({ baseURL: world.api.origin, adapter: 'fetch', ...options, ...more }), world.source(), {
      origins,
    });

  test('to another port loses the token, and what is for its origin alone', async () => {
    const { api, foreign } = world;
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    const headers = { cookie: 'session=1', 'x-trace': 'a' };
    expect(await attach().get('/orders', { headers })).toMatchObject({ status: 200 });
    expect(foreign.requests).toMatchObject([{ url: '/landing', headers: { 'x-trace': 'a' } }]);
    for (const name of ['authorization', 'cookie']) expect(foreign.requests[0]?.headers).not.toHaveProperty(name);
  });

  test('to another allowed origin keeps the token, whose 401 is answered there', async () => {
    const { api, foreign, identity } = world;
    const client = attach({}, [foreign.origin]);
    await client.get('/orders');
    identity.revokeAll();
    api.next(redirect(`${foreign.origin}/landing`, 307));
    expect(await client.post('/orders?page=2', { id: 7 }, { params: { size: 3 } })).toMatchObject({ status: 200 });
    expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/orders?page=2&size=3']);
    expect(foreign.requests.map(({ url, body }) => `${url} ${body.toString()}`)).toEqual(
      Array(2).fill('/landing {"id":7}'),
    );
    expect(identity.tokenRequests).toBe(2);
  });

  test('shows the config that the user gave, and reports one answer', async () => {
    const { api } = world;
    const client = attach();
    const seen: number[] = [];
    client.interceptors.response.use((response) => (seen.push(response.status), response));
    api.next(redirect('/landing'));
    const { config } = await client.get('/orders', { params: { page: 2 } });
    expect(config).toMatchObject({
      url: '/orders',
      baseURL: api.origin,
      params: { page: 2 },
      adapter: options.adapter ?? 'fetch',
    });
    expect(config).not.toHaveProperty('fetchOptions');
    expect(seen).toEqual([200]);
    api.next(redirect('/landing'), { status: 500 });
    const error = await client.get('/orders').catch((caught: AxiosError) => caught as Required<AxiosError>);
    expect(error).toMatchObject({ status: 500, config: { url: '/orders' } });
    expect(JSON.stringify(error)).not.toMatch(/bearer/i);
  });

  test('is followed where an absolute URL is not allowed', async () => {
    const { api } = world;
    api.next(redirect('/landing'));
    expect(await attach({ allowAbsoluteUrls: false }).get('/orders')).toMatchObject({ data: { url: '/landing' } });
    expect(api.requests.map(({ authorization }) => authorization)).not.toContain(undefined);
  });

  test('is not followed where the user said so', async () => {
    const { api } = world;
    for (const told of [{ maxRedirects: 0 }, { fetchOptions: { redirect: 'manual' } }]) {
      api.next(redirect('/landing'));
      expect(await attach({ ...told, validateStatus: () => true }).get('/orders')).toMatchObject({ status: 302 });
    }
    expect(api.requests).toHaveLength(2);
  });

  test('back to the API gets the token again', async () => {
    const { api, foreign } = world;
    const client = attach({}, [foreign.origin]);
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next(redirect(`${api.origin}/home`));
    expect(await client.get('/orders')).toMatchObject({ status: 200, data: { url: '/home' } });
  });
});

describe('a redirect of a request for a stream', () => {
  const world = useWorld(adapter);

  test('lets go of its connection', async () => {
    const { api } = world;
    const client = axios.create({ baseURL: api.origin, adapter: 'fetch', responseType: 'stream' });
    bearerAuth(client, world.source());
    for (let count = 0; count < 10; count++) {
      api.next({ ...redirect('/landing'), body: 'moved'.repeat(100) }, {});
      expect(await text((await client.get<Readable>('/orders')).data)).toBe('');
    }
    expect(api.requests).toHaveLength(20);
    expect(api.connections).toBeLessThanOrEqual(2);
  });
});

test('the answer of a redirect is read away, also where it leads nowhere', async () => {
  const [followed, nowhere] = ['/landing', 'ftp://api.example.com'].map(
    (location) => new Response('moved', { status: 302, headers: { location } }),
  ) as [Response, Response];
  const answers = [followed, new Response('ok'), nowhere];
  const env = { fetch: async () => answers.shift() ?? Response.error() };
  const client = axios.create({ baseURL: 'https://api.example.com', adapter: 'fetch', responseType: 'stream', env });
  bearerAuth(client, sourceOf('a'));
  expect(await text((await client.get<Readable>('/orders')).data)).toBe('ok');
  await expect(client.get('/orders')).rejects.toMatchObject({ message: 'Network Error', code: 'ERR_NETWORK' });
  expect([followed.bodyUsed, nowhere.bodyUsed]).toEqual([true, true]);
});

test.each<[string, string[], object, object]>([
  ['that leaves no request', ['post'], {}, {}],
  ['that leaves no request and has no env', ['post'], {}, { env: null }],
  ['that has not gone over fetch', ['post'], { request: {} }, {}],
  ['that has gone over fetch', ['post', 'get'], { request: { redirect: 'manual' } }, {}],
])('a redirect by an adapter of the user’s own %s makes these requests: %j', async (_, methods, more, options) => {
  const seen: unknown[] = [];
  const moving: AxiosAdapter = async (config) => {
    const [status, headers] = seen.push(config.method) === 1 ? [302, { location: '/landing' }] : [200, {}];
    return { status, statusText: '', headers, data: '', config, ...more } as AxiosResponse;
  };
  const client = axios.create({ baseURL: 'https://api.example.com', adapter: moving, ...options });
  await bearerAuth(client, sourceOf('a')).post('/orders');
  expect(seen).toEqual(methods);
});

test('a page, whose browser hides redirects, leaves them to it', async () => {
  const page = Object.getOwnPropertyDescriptor(globalThis, 'navigator')!;
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Mozilla/5.0' }, configurable: true });
  try {
    const seen: string[] = [];
    const fetch = async (request: Request): Promise<Response> => (seen.push(request.redirect), new Response('ok'));
    const client = axios.create({ baseURL: 'https://api.example.com', adapter: 'fetch', env: { fetch } as never });
    await bearerAuth(client, { getToken: async () => ({ value: 'a', type: 'Bearer' }) as never }).get('/orders');
    expect(seen).toEqual(['follow']);
  } finally {
    Object.defineProperty(globalThis, 'navigator', page);
  }
});
