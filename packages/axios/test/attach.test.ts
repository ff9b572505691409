import { describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosInstance } from 'axios';
import feaxios from 'feaxios';
import nodeFetch from 'node-fetch';
import xior from 'xior';
import { axiosAdapter } from './driver.ts';

// Its types are those of a CommonJS module, which it is not when it is imported.
const imported = feaxios as unknown as { create(options: object): object };
const invalid = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_OPTION' });

test.each<[string, object]>([
  ['feaxios', imported.create({ baseURL: 'https://api.example.com' })],
  ['xior', xior.create({ baseURL: 'https://api.example.com' })],
])('an instance of %s is none of axios, and the error says what to use', (_, lookalike) => {
  const attach = (): unknown => bearerAuth(lookalike as AxiosInstance, sourceOf('a'));
  expect(attach).toThrow(invalid);
  expect(attach).toThrow(/defaults\.adapter.*@tokenline\/fetch/);
});

test.each([{ interceptors: {} }, { interceptors: { request: {} } }])('%j is no instance of axios', (client) => {
  expect(() => bearerAuth(client as AxiosInstance, sourceOf('a'))).toThrow(invalid);
});

test('an instance may have lost interceptors', () => {
  const client = axios.create({ baseURL: 'https://api.example.com' });
  const { request } = client.interceptors;
  const [first] = [request.use(), request.use()];
  request.eject(first);
  expect(bearerAuth(client, sourceOf('a'))).toBe(client);
  delete request.handlers;
  expect(bearerAuth(client, sourceOf('b'))).toBe(client);
});

const hooks = ({ interceptors }: AxiosInstance): number => interceptors.request.handlers?.length ?? 0;

describe.each(['http', 'fetch'] as const)('an instance of axios over %s', (adapter) => {
  const world = useWorld(axiosAdapter(axios));
  const tokens = (): unknown[] =>
    [...world.api.requests, ...world.foreign.requests].map(({ authorization }) => authorization?.slice(7));

  test('may be given a base URL, or another, after it was attached', async () => {
    const { api, foreign } = world;
    const client = axios.create({ adapter });
    expect(() => bearerAuth(client, sourceOf('a'))).toThrow(invalid);
    bearerAuth(client, sourceOf('a'), { origins: ['https://api.example.com'] });
    client.defaults.baseURL = api.origin;
    api.next({}, {});
    foreign.next({}, {});
    await client.get('/orders');
    client.defaults.baseURL = foreign.origin;
    await client.get('/orders');
    delete client.defaults.baseURL;
    await client.get(`${foreign.origin}/orders`);
    await client.get(`${api.origin}/orders`);
    expect(tokens()).toEqual(['a', undefined, 'a', 'a']);
  });

  test('tells when it is given a base URL that is not secure', async () => {
    const client = bearerAuth(axios.create({ adapter, baseURL: world.api.origin }), sourceOf('a'));
    client.defaults.baseURL = 'http://api.example.com';
    for (const _ of [1, 2]) await expect(client.get('/orders')).rejects.toEqual(invalid);
  });

  test('that is attached again in the same way stays as it is', async () => {
    const { api, foreign, identity } = world;
    const client = axios.create({ adapter, baseURL: api.origin });
    const source = world.source();
    bearerAuth(client, source, { origins: [foreign.origin] });
    bearerAuth(client, source);
    bearerAuth(client, source, { origins: [new URL(api.origin), foreign.origin] });
    expect(hooks(client)).toBe(1);
    api.next(unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(api.requests).toHaveLength(2);
    expect(identity.tokenRequests).toBe(2);
    client.interceptors.request.clear();
    expect(await bearerAuth(client, source).get('/orders')).toMatchObject({ status: 200 });
  });

  test('that is attached again for another origin carries one token, and is replayed once', async () => {
    const { api, foreign, identity } = world;
    const client = axios.create({ adapter, baseURL: api.origin });
    const source = world.source();
    bearerAuth(bearerAuth(client, source), source, { origins: [foreign.origin] });
    api.next(unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(await client.get(`${foreign.origin}/orders`)).toMatchObject({ status: 200 });
    expect([api.requests.length, foreign.requests.length, identity.tokenRequests]).toEqual([2, 1, 2]);
  });

  test('may have a source for each origin, also where one redirects to the other', async () => {
    const { api, foreign } = world;
    const env = { fetch: nodeFetch, Request: null, Response: null } as never;
    const client = axios.create({ adapter, env });
    bearerAuth(client, sourceOf('a', 'c'), { origins: [api.origin] });
    bearerAuth(client, sourceOf('b', 'd'), { origins: [foreign.origin] });
    api.next(unauthorized(), {}, redirect(`${foreign.origin}/landing`));
    foreign.next(unauthorized(), {}, {});
    const { config } = await client.get(`${api.origin}/orders`);
    expect(config.adapter).toBe(adapter);
    await client.get(`${foreign.origin}/orders`);
    await client.get(`${api.origin}/orders`);
    const landed = adapter === 'fetch' ? 'd' : undefined;
    expect(tokens()).toEqual(['a', 'c', 'c', 'b', 'd', landed]);
  });
});
