import { Agent } from 'node:http';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { unauthorized, unending } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import crossFetch from 'cross-fetch';
import fetchCookie from 'fetch-cookie';
import untypedFetch from 'make-fetch-happen';
import nodeFetch3, { Request as Request3 } from 'node-fetch';
import nodeFetch2 from 'node-fetch-2';
import * as undici from 'undici';
import { nodeFetch } from './driver.ts';

/** What these tests use of an answer. */
interface Answer {
  readonly status: number;
  readonly redirected?: boolean;
  text(): Promise<string>;
}
type Fetch = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<Answer>;

// Its types, which are not its own, require options that it does not.
const makeFetchHappen = untypedFetch as unknown as typeof nodeFetch3;

// Attached as they are: that they need no cast is a part of the test.
const attach = {
  'node-fetch 3': (source, options) => bearerAuth(nodeFetch3, source, options),
  'node-fetch 2': (source, options) => bearerAuth(nodeFetch2, source, options),
  'cross-fetch': (source, options) => bearerAuth(crossFetch, source, options),
  'make-fetch-happen': (source, options) => bearerAuth(makeFetchHappen, source, options),
  'fetch-cookie around node-fetch': (source, options) => bearerAuth(fetchCookie(nodeFetch3), source, options),
  'fetch-cookie around fetch': (source, options) => bearerAuth(fetchCookie(fetch), source, options),
  'the fetch of undici': (source, options) => bearerAuth(undici.fetch, source, options),
  'a fetch that wraps that of Node': (source, options) =>
    bearerAuth((url: string, init?: RequestInit) => fetch(url, init), source, options),
} satisfies Record<
  string,
  (...parameters: Parameters<typeof bearerAuth> extends [unknown, ...infer Rest] ? Rest : never) => Fetch
>;

const withOwnFetch = {
  'node-fetch 3': (options) => createTokenSource({ ...options, fetch: nodeFetch3 }),
  // The cast is for exactOptionalPropertyTypes alone, which its types are not made for.
  'node-fetch 2': (options) => createTokenSource({ ...options, fetch: nodeFetch2 as never }),
  'cross-fetch': (options) => createTokenSource({ ...options, fetch: crossFetch }),
  'make-fetch-happen': (options) => createTokenSource({ ...options, fetch: makeFetchHappen }),
  'the fetch of undici': (options) => createTokenSource({ ...options, fetch: undici.fetch }),
} satisfies Record<string, typeof createTokenSource>;

describe.each(Object.entries(attach))('%s', (_, wrap) => {
  const world = useWorld(nodeFetch);
  const body = { method: 'POST', body: 'a;b', headers: { 'content-type': 'text/csv' } };

  test.each([301, 302, 303, 307, 308])('takes the token to no other port by a redirect of %d', async (status) => {
    const { api, foreign } = world;
    const send: Fetch = wrap(world.source(), { origins: [api.origin] });
    api.next({ status, headers: { location: `${foreign.origin}/landing` } });
    foreign.next({ body: 'landed' });
    const answer = await send(`${api.origin}/orders`);
    expect([answer.status, await answer.text()]).toEqual([200, 'landed']);
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);
  });

  test('takes the token to no other name of the host, and renews nothing for its 401', async () => {
    const { api, identity } = world;
    const send: Fetch = wrap(world.source(), { origins: [api.origin] });
    api.next({ status: 302, headers: { location: `${api.origin.replace('127.0.0.1', 'localhost')}/landing` } });
    expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 401 });
    expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/landing', authorization: undefined }]);
    expect(identity.tokenRequests).toBe(1);
  });

  test('takes the token along between allowed origins', async () => {
    const { api, foreign, identity } = world;
    const send: Fetch = wrap(world.source(), { origins: [api.origin, foreign.origin] });
    api.next({ status: 307, headers: { location: `${foreign.origin}/landing` } });
    expect(await send(`${api.origin}/orders`, body)).toMatchObject({ status: 200, redirected: true });
    expect(foreign.requests).toMatchObject([{ method: 'POST', url: '/landing' }]);
    expect(foreign.requests[0]?.body.toString()).toBe('a;b');
    expect(identity.tokenRequests).toBe(1);
  });

  test('sends a refused request again', async () => {
    const { api, identity } = world;
    const send: Fetch = wrap(world.source(), { origins: [api.origin] });
    await send(`${api.origin}/orders`);
    identity.revokeAll();
    expect(await send(`${api.origin}/orders`, body)).toMatchObject({ status: 200 });
    expect(api.requests).toHaveLength(3);
  });

  test('hands the refusal over when there is no other token', async () => {
    const { api } = world;
    const send: Fetch = wrap(sourceOf('refused'), { origins: [api.origin] });
    const answer = await send(`${api.origin}/orders`);
    expect([answer.status, await answer.text()]).toEqual([401, '{"message":"no"}']);
  });
});

describe.each(Object.entries(withOwnFetch))('a source that sends by %s', (_, create) => {
  const world = useWorld(nodeFetch);

  test('finds the endpoint and has a token', async () => {
    const { api, identity } = world;
    const send = bearerAuth(fetch, create({ ...identity.client, patience: 0 }), { origins: [api.origin] });
    expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
  });
});

describe('node-fetch', () => {
  const world = useWorld(nodeFetch);
  const bareFetch = fetch;
  afterEach(() => {
    globalThis.fetch = bareFetch;
  });

  test('takes the token to no other port in place of the global fetch either', async () => {
    const { api, foreign } = world;
    globalThis.fetch = nodeFetch3 as unknown as typeof fetch;
    const send = bearerAuth(fetch, world.source({ fetch: bareFetch }), { origins: [api.origin] });
    api.next({ status: 302, headers: { location: `${foreign.origin}/landing` } });
    foreign.next({});
    expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);
  });

  test.each(
    Object.entries({ 2: nodeFetch2, 3: nodeFetch3 }).flatMap(([version, library]) =>
      Object.entries(unending).map(([what, body]) => ({ version, library, what, body })),
    ),
  )('$version gives its only socket back where a refusal $what', async ({ library, body }) => {
    const { api } = world;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = bearerAuth(library as unknown as typeof nodeFetch3, world.source(), { origins: [api.origin] });
    api.next(unauthorized(undefined, { body: body() }));
    expect(await send(`${api.origin}/orders`, { agent })).toMatchObject({ status: 200 });
    expect(api.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    agent.destroy();
  });

  test('has the agent of its Request behind a redirect', async () => {
    const { api } = world;
    const agent = new Agent();
    const connect = jest.spyOn(agent, 'createConnection' as never);
    const send = bearerAuth(nodeFetch3, world.source(), { origins: [api.origin] });
    api.next({ status: 302, headers: { location: '/landing' } });
    expect(await send(new Request3(`${api.origin}/orders`, { agent }))).toMatchObject({ status: 200 });
    expect(connect).toHaveBeenCalledTimes(2);
  });
});

test('an attached fetch has what else the fetch has', () => {
  const send = bearerAuth(nodeFetch2, sourceOf('a'), { origins: ['https://api.example.com'] });
  expect(send.isRedirect(302)).toBe(true);
});

test('a Request of node-fetch is sent again with its body', async () => {
  const bodies: (string | undefined)[] = [];
  const stub = async (input: string | InstanceType<typeof Request3>, init?: object): Promise<Response> => {
    bodies.push(await new Request3(input, init).text());
    return new Response(null, { status: bodies.length === 1 ? 401 : 200 });
  };
  const send = bearerAuth(stub, sourceOf('a', 'b'), { origins: ['https://api.example.com'] });
  const request = new Request3('https://api.example.com/orders', { method: 'POST', body: 'a;b' });
  expect(await send(request)).toMatchObject({ status: 200 });
  expect(bodies).toEqual(['a;b', 'a;b']);
});
