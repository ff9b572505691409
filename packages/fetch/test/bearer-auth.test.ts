import { afterEach, describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/fetch';
import { nodeFetch } from './driver.ts';

const bareFetch = fetch;

describe('bearerAuth with fetch', () => {
  const world = useWorld(nodeFetch);
  const wrap = (): typeof fetch => bearerAuth(fetch, world.source(), { origins: [world.api.origin] });

  test.each<[string, (url: string) => string | URL | Request]>([
    ['a string', (url) => url],
    ['a URL', (url) => new URL(url)],
    ['a Request', (url) => new Request(url)],
  ])('takes %s', async (_, input) => {
    const { api } = world;
    api.next(unauthorized());
    const { status } = await wrap()(input(`${api.origin}/orders`));
    expect(status).toBe(200);
    expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/orders' }]);
  });

  test.each<[string, HeadersInit]>([
    ['an object', { AUTHORIZATION: 'Basic eDp5' }],
    ['a list', [['authorization', 'Basic eDp5']]],
    ['Headers', new Headers({ authorization: 'Basic eDp5' })],
  ])('respects an Authorization in %s', async (_, headers) => {
    await wrap()(`${world.api.origin}/orders`, { headers });
    expect(world.api.requests).toMatchObject([{ authorization: 'Basic eDp5' }]);
  });

  test.each<[string, HeadersInit]>([
    ['an object', { 'x-trace': 'a' }],
    ['a list', [['x-trace', 'a']]],
    ['Headers', new Headers({ 'x-trace': 'a' })],
  ])('keeps the headers in %s, and does not touch them', async (_, headers) => {
    const before = JSON.stringify([...new Headers(headers)]);
    world.api.next(unauthorized());
    await wrap()(`${world.api.origin}/orders`, { headers });
    expect(world.api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }, { headers: { 'x-trace': 'a' } }]);
    expect(JSON.stringify([...new Headers(headers)])).toBe(before);
  });

  test('sends what it was called with, whatever becomes of that meanwhile', async () => {
    const { api, foreign } = world;
    const send = wrap();
    const url = new URL(`${api.origin}/orders`);
    const headers = new Headers();
    const body = new URLSearchParams();
    const calls = [1, 2, 3].map((page) => {
      url.searchParams.set('page', `${page}`);
      headers.set('x-page', `${page}`);
      body.set('page', `${page}`);
      return send(url, { method: 'POST', headers, body });
    });
    url.href = `${foreign.origin}/orders`;
    await Promise.all(calls);
    expect(foreign.requests).toEqual([]);
    const sent = api.requests.map(({ url: path, headers: { 'x-page': page }, body: bytes }) =>
      [path, page, bytes].join(' '),
    );
    expect(new Set(sent)).toEqual(new Set(['1', '2', '3'].map((page) => `/orders?page=${page} ${page} page=${page}`)));
  });

  test('respects the Authorization of a Request', async () => {
    const headers = { authorization: 'Basic eDp5' };
    await wrap()(new Request(`${world.api.origin}/orders`, { headers }));
    expect(world.api.requests).toMatchObject([headers]);
  });

  test('leaves a Request as it is', async () => {
    const request = new Request(`${world.api.origin}/orders`);
    await wrap()(request);
    expect(request.headers.has('authorization')).toBe(false);
  });

  test('sends the body of a Request again', async () => {
    const { api } = world;
    const headers = { 'content-type': 'text/csv' };
    api.next(unauthorized());
    const request = new Request(`${api.origin}/orders`, { method: 'PUT', headers, body: 'a;b'.repeat(10_000) });
    expect(await wrap()(request)).toMatchObject({ status: 200 });
    expect(api.requests).toMatchObject([
      { method: 'PUT', headers },
      { method: 'PUT', headers },
    ]);
    expect(api.requests.map(({ body }) => body.toString())).toEqual(Array(2).fill('a;b'.repeat(10_000)));
  });

  test('keeps the referrer and the policy of a Request', async () => {
    const seen: Request[] = [];
    const stub: typeof fetch = async (input, init) => {
      seen.push(new Request(input, init));
      return new Response(null, { status: seen.length === 1 ? 401 : 200 });
    };
    const send = bearerAuth(stub, sourceOf('a', 'b'), { origins: ['https://api.example.com'] });
    const own = { referrer: '', referrerPolicy: 'no-referrer' } as const;
    await send(new Request('https://api.example.com/', own));
    expect(seen).toMatchObject([own, own]);
  });

  test.each<[string, (told: string, meant: string) => unknown]>([
    ['an object of text', (told, meant) => ({ url: told, method: 'GET', toString: () => meant })],
    ['a text', (told, meant) => Object.assign(new String(meant), { url: told })],
    ['a Request', (told, meant) => Object.defineProperty(new Request(meant), 'url', { value: told })],
  ])('judges %s by where fetch sends it, whatever its url says', async (_, make) => {
    const { api, foreign } = world;
    foreign.next({});
    expect(await wrap()(make(`${api.origin}/orders`, `${foreign.origin}/orders`) as Request)).toMatchObject({
      status: 200,
    });
    expect(foreign.requests).toMatchObject([{ url: '/orders', authorization: undefined }]);
  });

  test('takes a Request for a Request, whatever else it has', async () => {
    const { api, foreign } = world;
    const request = new Request(`${api.origin}/orders`, { method: 'POST', body: 'a' });
    expect(await wrap()(Object.assign(request, { href: foreign.origin }))).toMatchObject({ status: 200 });
    expect(api.requests).toMatchObject([{ method: 'POST', authorization: expect.stringMatching(/^Bearer /) }]);
  });

  test('takes a URL for a URL, whatever else it has', async () => {
    const { api, foreign } = world;
    const url = Object.assign(new URL(`${foreign.origin}/orders`), { url: `${api.origin}/orders` });
    foreign.next({});
    expect(await wrap()(url)).toMatchObject({ status: 200 });
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('carries the token of each origin where two sources are attached', async () => {
    const { api, foreign } = world;
    const inner = bearerAuth(fetch, sourceOf('a'), { origins: [api.origin] });
    const send = bearerAuth(inner, sourceOf('b'), { origins: [foreign.origin] });
    for (const { origin } of [api, foreign]) await send(`${origin}/orders`);
    expect(api.requests).toMatchObject([{ authorization: 'Bearer a' }]);
    expect(foreign.requests).toMatchObject([{ authorization: 'Bearer b' }]);
  });

  test.each(['signal', 'headers', 'body'])('takes null for no %s', async (name) => {
    world.api.next(unauthorized());
    const answer = wrap()(`${world.api.origin}/orders`, { method: 'POST', [name]: null });
    expect(await answer).toMatchObject({ status: 200 });
  });

  test('hands the 401 to a Request with a body over a megabyte over', async () => {
    const { api } = world;
    api.next(unauthorized());
    const request = new Request(`${api.origin}/orders`, { method: 'PUT', body: Buffer.alloc(1_100_000) });
    expect(await wrap()(request)).toMatchObject({ status: 401 });
    expect(api.requests.map(({ body }) => body.length)).toEqual([1_100_000]);
  });

  test('hands the first 401 over unread', async () => {
    world.api.next(unauthorized('Bearer error="insufficient_scope"', { body: 'no' }));
    const response = await wrap()(`${world.api.origin}/orders`);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe('no');
  });

  afterEach(() => {
    globalThis.fetch = bareFetch;
  });

  test('may take the place of the global fetch, even where API and identity server share an origin', async () => {
    const { api, identity } = world;
    globalThis.fetch = bearerAuth(fetch, world.source(), { origins: [api.origin, identity.issuer] });
    expect(await fetch(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(identity.tokenRequests).toBe(1);
  });
});
