import { afterEach, describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type * as undici from 'undici';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('bearerAuth with $adapter.name as such', ({ adapter, undici: library }) => {
  const { Agent, Client, interceptors, Pool, request } = library;
  const world = useWorld(adapter);
  const opened: undici.Dispatcher[] = [];
  const open = <D extends undici.Dispatcher>(dispatcher: D): D => {
    opened.push(dispatcher);
    return dispatcher;
  };
  const attach = (dispatcher: undici.Dispatcher = new Agent()): undici.Dispatcher =>
    bearerAuth(open(dispatcher), world.source(), { origins: [world.api.origin] });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dispatcher) => dispatcher.destroy()));
  });

  test('a Client and a Pool have an origin of their own', async () => {
    const { api } = world;
    for (const dispatcher of [open(new Client(api.origin)), open(new Pool(api.origin))]) {
      api.next(unauthorized());
      const client = bearerAuth(dispatcher, world.source());
      const { statusCode, body } = await client.request({ method: 'GET', path: '/orders' });
      await body.dump();
      expect(statusCode).toBe(200);
    }
    expect(api.requests).toHaveLength(4);
  });

  test('a request is sent as it was dispatched, whatever becomes of its options meanwhile', async () => {
    const { api, foreign } = world;
    const dispatcher = attach();
    const headers = { 'x-page': '' };
    const options = { origin: api.origin, path: '', method: 'GET', headers } as const;
    const changing: { origin: string; path: string } = options;
    const calls = ['1', '2', '3'].map((page) => {
      changing.path = `/orders?page=${page}`;
      headers['x-page'] = page;
      return dispatcher.request(options).then(({ body }) => body.dump());
    });
    changing.origin = foreign.origin;
    await Promise.all(calls);
    expect(foreign.requests).toEqual([]);
    const sent = api.requests.map(({ url, headers: { 'x-page': page } }) => [url, page].join(' '));
    expect(new Set(sent)).toEqual(new Set(['1', '2', '3'].map((page) => `/orders?page=${page} ${page}`)));
  });

  test('a redirect interceptor inside bearerAuth loses the token elsewhere, and a 401 from there renews nothing', async () => {
    const { api, foreign, identity } = world;
    const dispatcher = attach(new Agent().compose(interceptors.redirect({ maxRedirections: 3 })));
    api.next(redirect(`${foreign.origin}/landing`));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(401);
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);
    expect(identity.tokenRequests).toBe(1);
  });

  test('a redirect interceptor inside bearerAuth keeps the token at home', async () => {
    const { api } = world;
    const dispatcher = attach(new Agent().compose(interceptors.redirect({ maxRedirections: 3 })));
    api.next(unauthorized(), redirect('/landing'));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/orders', '/landing']);
  });

  test('an interceptor that makes errors of answers sees the final one', async () => {
    const { api } = world;
    const dispatcher = attach().compose(interceptors.responseError());
    api.next(unauthorized());
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    api.next(unauthorized('Basic'));
    await expect(request(`${api.origin}/orders`, { dispatcher })).rejects.toMatchObject({ statusCode: 401 });
  });

  test.each<[string, string[] | Record<string, string> | Map<string, string>]>([
    ['an object', { AUTHORIZATION: 'Basic eDp5' }],
    ['a flat list', ['x-trace', 'a', 'Authorization', 'Basic eDp5']],
    ['an iterable', new Map([['authorization', 'Basic eDp5']])],
  ])('respects an Authorization in %s', async (_, headers) => {
    world.api.next({});
    const { body } = await request(`${world.api.origin}/orders`, { dispatcher: attach(), headers });
    await body.dump();
    expect(world.api.requests).toMatchObject([{ authorization: 'Basic eDp5' }]);
  });

  test.each<[string, string[] | Record<string, string> | Map<string, string>]>([
    ['an object', { 'x-trace': 'a' }],
    ['a flat list', ['x-trace', 'a']],
    ['an iterable', new Map([['x-trace', 'a']])],
  ])('keeps the headers in %s', async (_, headers) => {
    world.api.next(unauthorized());
    const { body } = await request(`${world.api.origin}/orders`, { dispatcher: attach(), headers });
    await body.dump();
    expect(world.api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }, { headers: { 'x-trace': 'a' } }]);
  });
});
