import { once } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosAdapter, type AxiosError, AxiosHeaders, type AxiosInstance, getAdapter } from 'axios';
import { axiosAdapter } from './driver.ts';

const clientWith = (own: AxiosAdapter): AxiosInstance =>
  bearerAuth(axios.create({ baseURL: 'https://api.example.com', adapter: own }), sourceOf('first', 'second'));

/** The error that a request ends with. */
const failure = async (request: Promise<unknown>): Promise<Required<AxiosError>> =>
  request.then(
    () => Promise.reject(new Error('it should fail')),
    (error: Required<AxiosError>) => error,
  );

describe.each(['http', 'fetch'] as const)('the config of a request with axios over %s', (transport) => {
  const world = useWorld(axiosAdapter(axios));
  const attach = (): AxiosInstance =>
    bearerAuth(axios.create({ baseURL: world.api.origin, adapter: transport }), world.source());
  const sent = (): (string | undefined)[] => world.api.requests.map(({ authorization }) => authorization);

  test.each([undefined, null, ''])('with an Authorization of %j gets the token, and holds none after', async (own) => {
    world.api.next({ status: 500 });
    const error = await failure(attach().get('/orders', { headers: { Authorization: own as string } }));
    const [, token = ''] = /^Bearer (\S+)$/.exec(sent()[0] ?? '') ?? [];
    expect(token).not.toBe('');
    expect(error.config.headers.get('authorization') ?? '').toBe('');
    expect(inspect(error, { depth: 8 }) + JSON.stringify(error)).not.toContain(token);
  });

  test('with an Authorization of false goes without a token, as axios has it', async () => {
    const error = await failure(attach().get('/orders', { headers: { Authorization: false as never } }));
    expect(error.response.status).toBe(401);
    expect(sent()).toEqual([undefined]);
    expect(world.identity.tokenRequests).toBe(0);
  });

  test('gives way to the credentials of whoever sends it again', async () => {
    const client = attach();
    world.api.next({ status: 500 }, {}, {});
    const { config } = await failure(client.get('/orders'));
    const headers = { Authorization: 'Basic eDp5' };
    await axios.create({ headers }).request(config);
    client.defaults.headers.common['Authorization'] = 'Basic eDp5';
    await client.request(config);
    expect(sent().slice(1)).toEqual(['Basic eDp5', 'Basic eDp5']);
  });

  test('shares headers with others, and no token', async () => {
    const client = axios.create({ baseURL: world.api.origin, adapter: transport });
    const headers = new AxiosHeaders({ 'x-a': '1' });
    client.interceptors.request.use((config) => Object.assign(config, { headers }));
    bearerAuth(client, world.source());
    const answer = new AbortController();
    world.api.next({ after: once(answer.signal, 'abort') });
    world.foreign.next({});
    const slow = client.get('/orders');
    await until(() => world.api.requests.length === 1, 'the first is under way');
    await client.get(`${world.foreign.origin}/orders`);
    answer.abort();
    await slow;
    expect(world.foreign.requests).toMatchObject([{ authorization: undefined }]);
    expect(headers.has('authorization')).toBe(false);
  });

  test('holds no token although an adapter gave it other headers', async () => {
    world.api.next({ status: 500 });
    const below = getAdapter(transport);
    const own: AxiosAdapter = (config) => below(Object.assign(config, { headers: new AxiosHeaders(config.headers) }));
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, adapter: own }), world.source());
    const { config } = await failure(client.get('/orders'));
    expect(config.headers.has('authorization')).toBe(false);
  });

  test.each<[string, (url: URL) => object]>([
    ['a path', () => ({ url: '/orders', baseURL: world.api.origin })],
    ['a URL', (url) => ({ url })],
  ])('that is pointed elsewhere while a token is waited for is sent to %s that it was called with', async (_, make) => {
    const origins = [world.api.origin];
    const client = axios.create({ adapter: transport });
    const url = new URL('/orders', world.api.origin);
    client.interceptors.request.use((config) => {
      setImmediate(() => {
        config.baseURL = world.foreign.origin;
        url.port = new URL(world.foreign.origin).port;
      });
      return config;
    });
    expect(await bearerAuth(client, world.source(), { origins }).request(make(url))).toMatchObject({ status: 200 });
    expect(url.origin).toBe(world.foreign.origin);
    expect(world.foreign.requests).toEqual([]);
  });

  test('is printed with its response, and the token is not', async () => {
    world.api.next({});
    const response = await attach().get('/orders');
    const [, token = ''] = /^Bearer (\S+)$/.exec(sent()[0] ?? '') ?? [];
    expect(token).not.toBe('');
    expect(inspect(response, { depth: 8, showHidden: true })).not.toContain(token);
    // Some loggers walk over all that is enumerable.
    expect(Object.keys(response)).not.toContain('request');
    expect(response.request).toBeDefined();
  });

  test('has the adapter that it came with', async () => {
    const client = attach();
    world.api.next(unauthorized(), {});
    expect(await client.get('/orders')).toHaveProperty('config.adapter', transport);
    world.api.next({ status: 500 });
    expect(await failure(client.get('/orders'))).toHaveProperty('config.adapter', transport);
  });

  test('of an absolute URL that allowAbsoluteUrls forbids gets no token: versions of axios differ', async () => {
    const { api, foreign } = world;
    for (const [base, other] of [
      [api, foreign],
      [foreign, api],
    ] as const) {
      for (const server of [api, foreign]) server.next({});
      await attach().get(`${other.origin}/orders`, { baseURL: base.origin, allowAbsoluteUrls: false });
    }
    expect([...api.requests, ...foreign.requests].map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('of a page is judged by where the page is', async () => {
    const page = { value: { href: `${world.api.origin}/page/` }, configurable: true };
    Object.defineProperty(globalThis, 'location', page);
    try {
      const seen: unknown[] = [];
      const own: AxiosAdapter = async (config) => {
        seen.push(config.headers.has('authorization'));
        return { status: 200, statusText: '', headers: {}, data: '', config };
      };
      const client = bearerAuth(axios.create({ baseURL: '/api', adapter: own }), sourceOf('a'));
      for (const baseURL of ['/api', '']) await client.get('/orders', { baseURL });
      expect(seen).toEqual([true, true]);
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  });

  test('a refusal whose body somebody has read is answered all the same', async () => {
    world.api.next(unauthorized(undefined, { body: 'read me' }), {});
    const below = getAdapter(transport);
    let read = 0;
    const own: AxiosAdapter = async (config) => {
      try {
        return await below(config);
      } catch (error) {
        const { data } = (error as { response: { data: AsyncIterable<Uint8Array> } }).response;
        for await (const chunk of data) read += chunk.length;
        throw error;
      }
    };
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, adapter: own }), sourceOf('a', 'b'));
    expect(await client.get('/orders', { responseType: 'stream' })).toMatchObject({ status: 200 });
    expect(read).toBe('read me'.length);
  });
});

describe('an adapter of the user’s own', () => {
  test('whose error cannot be changed leaves no token in it', async () => {
    const request = clientWith((config) =>
      Promise.reject(Object.freeze(Object.assign(new Error('broken'), { config }))),
    ).get('/orders');
    const { message, config } = await failure(request);
    expect(message).toBe('broken');
    expect(config.headers.has('authorization')).toBe(false);
  });

  test('may reject with nothing', async () => {
    const nothing: unknown = undefined;
    await expect(clientWith(() => Promise.reject(nothing)).get('/orders')).rejects.toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['a Headers', new Headers({ 'www-authenticate': 'Bearer error="insufficient_scope"', 'x-a': '1' })],
    ['an AxiosHeaders of lists', new AxiosHeaders({ 'www-authenticate': ['Basic', 'Negotiate'], 'x-a': '1' })],
  ])('may answer with %s', async (_, headers) => {
    let requests = 0;
    const request = clientWith((config) => {
      requests++;
      const response = { status: 401, statusText: '', headers: headers as AxiosHeaders, data: '', config };
      return Promise.reject(Object.assign(new Error('401'), { response }));
    }).get('/orders');
    const error = await failure(request);
    expect(error.response.headers['x-a']).toBe('1');
    expect(requests).toBe(1);
  });

  test.each([
    ['another origin', 'https://elsewhere.example.com/landing', 1],
    ['its own origin', 'https://api.example.com/landing', 2],
  ])('that tells, as XMLHttpRequest does, of a redirect to %s', async (_, responseURL, sent) => {
    let requests = 0;
    const source = sourceOf('a', 'b');
    const adapter: AxiosAdapter = (config) => {
      requests++;
      const response = { status: 401, statusText: '', headers: {}, data: '', config, request: { responseURL } };
      return Promise.reject(Object.assign(new Error('401'), { response }));
    };
    const client = axios.create({ baseURL: 'https://api.example.com', adapter });
    await failure(bearerAuth(client, source, { origins: ['https://elsewhere.example.com'] }).get('/orders'));
    expect(requests).toBe(sent);
    expect(source.current).toBe(sent - 1);
  });
});
