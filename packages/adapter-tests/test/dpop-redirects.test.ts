import { ReadableStream } from 'node:stream/web';
import { afterEach, describe, expect, test } from '@jest/globals';
import { bearerAuth as authorizeAxios } from '@tokenline/axios';
import { bearerAuth as authorizeFetch, type ClientTokenSource, proofKey } from '@tokenline/fetch';
import { bearerAuth as authorizeKy } from '@tokenline/ky';
import { bearerAuth as authorizeUndici } from '@tokenline/undici';
import axios, { type AxiosError } from 'axios';
import ky, { type KyInstance } from 'ky';
import oldestKy from 'ky-oldest';
import * as undici from 'undici';
import * as oldestUndici from 'undici-oldest';
import { redirect } from '../src/answer.ts';
import { DPoPGuard } from '../src/dpop-guard.ts';
import { useWorld, type World } from '../src/world.ts';
import { axiosAdapter } from './drivers/axios.ts';
import { fetchAdapter } from './drivers/fetch.ts';
import { ky1, ky2, kyAdapter } from './drivers/ky.ts';
import { type Undici, undiciAdapter } from './drivers/undici.ts';

function guardOf({ api, identity }: World): DPoPGuard {
  const guard = new DPoPGuard(identity, api.origin);
  identity.accessTokenFormat = 'jwt';
  api.refuse = (request) => guard.refuse(request);
  return guard;
}

const boundSource = (world: World): ClientTokenSource => world.source({ dpop: proofKey() });
const sent = (world: World): string[] =>
  world.api.requests.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`);

/** A `fetch` of a client, for requests whose URLs are absolute. */
type Send = (url: string, init?: RequestInit) => Promise<Response>;

const clients: [string, ReturnType<typeof fetchAdapter>, (world: World) => Send][] = [
  [
    'fetch',
    fetchAdapter('fetch', fetch),
    (world) => authorizeFetch(fetch, boundSource(world), { origins: [world.api.origin] }),
  ],
  [
    'the fetch of undici',
    fetchAdapter('fetch', fetch),
    (world) =>
      authorizeFetch(undici.fetch as unknown as typeof fetch, boundSource(world), { origins: [world.api.origin] }),
  ],
  [
    'fetch, by way of a Request',
    fetchAdapter('fetch', fetch),
    (world) => {
      const send = authorizeFetch(fetch, boundSource(world), { origins: [world.api.origin] });
      return (url, init) => send(new Request(url, { ...init, duplex: 'half' } as RequestInit));
    },
  ],
  ['ky', kyAdapter('ky', ky, ky2), (world) => kyOf(world, ky)],
  [
    'ky 1',
    kyAdapter('ky', oldestKy as unknown as KyInstance, ky1),
    (world) => kyOf(world, oldestKy as unknown as KyInstance),
  ],
];

function kyOf(world: World, base: KyInstance): Send {
  const client = authorizeKy(base.create({ throwHttpErrors: false, retry: 0 }), boundSource(world), {
    origins: [world.api.origin],
  });
  return (url, init) => client(url, init as object);
}

describe.each(clients)('the redirect of a bound token by %s', (name, adapter, attach) => {
  const world = useWorld(adapter);
  const post = { method: 'POST', body: 'a;b', headers: { 'content-type': 'text/csv', 'x-trace': 'a' } };

  test.each([307, 308])('of status %d keeps method, body and headers', async (status) => {
    const { api } = world;
    guardOf(world);
    api.next(redirect('/landing', status));
    const { status: final, url } = await attach(world)(`${api.origin}/orders`, post);
    expect({ final, url }).toEqual({ final: 200, url: `${api.origin}/landing` });
    expect(sent(world)).toEqual(['POST /orders a;b', 'POST /landing a;b']);
    expect(api.requests[1]?.headers).toMatchObject({ 'content-type': 'text/csv', 'x-trace': 'a' });
  });

  test.each([301, 302, 303])('of status %d makes a GET of a POST', async (status) => {
    const { api } = world;
    guardOf(world);
    api.next(redirect('/landing', status));
    expect(await attach(world)(`${api.origin}/orders`, post)).toMatchObject({ status: 200 });
    expect(sent(world)).toEqual(['POST /orders a;b', 'GET /landing ']);
    expect(api.requests[1]?.headers).toMatchObject({ 'x-trace': 'a' });
    expect(api.requests[1]?.headers).not.toHaveProperty('content-type');
  });

  test('of a nonce that is demanded at its target is answered there', async () => {
    const { api, identity } = world;
    guardOf(world).nonce = 'first';
    api.next(redirect('/landing', 307));
    expect(await attach(world)(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(sent(world)).toEqual(['GET /orders ', 'GET /landing ', 'GET /landing ']);
    expect(identity.tokenRequests).toBe(1);
  });

  test('takes what is for its origin alone nowhere else', async () => {
    const { api, foreign } = world;
    guardOf(world);
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    const headers = { cookie: 'session=1', 'x-trace': 'a' };
    expect(await attach(world)(`${api.origin}/orders`, { headers })).toMatchObject({ status: 200 });
    expect(foreign.requests).toMatchObject([{ url: '/landing', headers: { 'x-trace': 'a' } }]);
    for (const header of ['cookie', 'authorization', 'dpop'])
      expect(foreign.requests[0]?.headers).not.toHaveProperty(header);
  });

  test('of a stream is handed over, since the stream is gone', async () => {
    const { api } = world;
    guardOf(world);
    api.next(redirect('/landing', 307));
    const body = ReadableStream.from([Buffer.from('a;b')]);
    const init = { method: 'POST', body, duplex: 'half' } as unknown as RequestInit;
    const { status } = await attach(world)(`${api.origin}/orders`, init);
    // A Request does not say whether it was made from a stream: a copy is kept of every body.
    const kept = name.includes('Request');
    expect(status).toBe(kept ? 200 : 307);
    expect(sent(world)).toEqual(kept ? ['POST /orders a;b', 'POST /landing a;b'] : ['POST /orders a;b']);
  });

  test('ends somewhere', async () => {
    const { api } = world;
    guardOf(world);
    api.respond = () => redirect('/orders');
    expect(await attach(world)(`${api.origin}/orders`)).toMatchObject({ status: 302 });
    expect(api.requests).toHaveLength(21);
  });

  test('is not followed where the caller said so', async () => {
    const { api } = world;
    guardOf(world);
    api.next(redirect('/landing'), redirect('/landing'));
    expect(await attach(world)(`${api.origin}/orders`, { redirect: 'manual' })).toMatchObject({ status: 302 });
    await expect(attach(world)(`${api.origin}/orders`, { redirect: 'error' })).rejects.toThrow(
      /fetch failed|redirect|network/,
    );
    expect(api.requests).toHaveLength(2);
  });

  test.each(['javascript:alert(1)', 'ftp://127.0.0.1/', 'http://[', ''])('to %j is handed over', async (location) => {
    const { api } = world;
    guardOf(world);
    api.next({ status: 302, headers: { location } });
    api.respond = () => redirect('/orders', 300);
    const { status } = await attach(world)(`${api.origin}/orders`);
    expect([300, 302]).toContain(status);
  });
});

describe.each([
  { name: 'undici', library: undici },
  { name: 'undici 7', library: oldestUndici as unknown as Undici },
])('the redirect of a bound token by $name', ({ library }) => {
  const { Agent, interceptors, request } = library;
  const world = useWorld(undiciAdapter('undici', library));
  const agents: undici.Dispatcher[] = [];
  const open = (): undici.Dispatcher => {
    const agent = new Agent();
    agents.push(agent);
    return agent;
  };
  const follow = (): undici.Dispatcher.DispatcherComposeInterceptor => interceptors.redirect({ maxRedirections: 3 });

  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  });

  test('is followed by an interceptor outside bearerAuth, each hop with its own proof', async () => {
    const { api } = world;
    const guard = guardOf(world);
    const dispatcher = authorizeUndici(open(), boundSource(world), { origins: [api.origin] }).compose(follow());
    api.next(redirect('/landing'));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is followed by fetch, which has each hop dispatched', async () => {
    const { api } = world;
    const guard = guardOf(world);
    const dispatcher = authorizeUndici(open(), boundSource(world), { origins: [api.origin] });
    api.next(redirect('/landing'));
    expect(await library.fetch(`${api.origin}/orders`, { dispatcher })).toMatchObject({ status: 200 });
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is not followed by one inside, which would take the proof along', async () => {
    const { api, foreign } = world;
    guardOf(world);
    const dispatcher = authorizeUndici(open().compose(follow()), boundSource(world), { origins: [api.origin] });
    api.next(redirect(`${foreign.origin}/landing`));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(302);
    expect(foreign.requests).toEqual([]);
  });
});

describe.each(['http', 'fetch'] as const)('a bound token with axios over %s', (adapter) => {
  const world = useWorld(axiosAdapter('axios', axios));
  const attach = (options: object = {}): typeof axios => {
    const client = axios.create({ baseURL: world.api.origin, adapter, ...options });
    return authorizeAxios(client, boundSource(world)) as typeof axios;
  };

  test('goes to a redirect elsewhere without token and proof, or is not redirected at all', async () => {
    const { api, foreign } = world;
    guardOf(world);
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    const { status } = await attach({ validateStatus: () => true }).get('/orders');
    expect(status).toBe(adapter === 'http' ? 200 : 302);
    for (const { headers } of foreign.requests) {
      for (const name of ['authorization', 'dpop']) expect(headers).not.toHaveProperty(name);
    }
  });

  test('leaves the fetchOptions of the caller as they were', async () => {
    guardOf(world);
    const fetchOptions = { redirect: 'follow' as const };
    const { config } = await attach({ fetchOptions }).get('/orders');
    expect(config.fetchOptions).toEqual(fetchOptions);
    expect((await attach().get('/orders')).config).not.toHaveProperty('fetchOptions');
  });

  test.each([{ status: 404 }, { broken: true }])(
    'a config that failed by %j is sent again with a new proof',
    async (answer) => {
      const { api } = world;
      const guard = guardOf(world);
      const client = attach();
      api.next(answer);
      const { config } = await client.get('/orders').catch((error: AxiosError) => error as Required<AxiosError>);
      expect(JSON.stringify(config)).not.toMatch(/dpop|eyJ/i);
      expect(await client.request(config)).toMatchObject({ status: 200 });
      expect(guard.accepted).toHaveLength(1);
      expect(new Set(api.requests.map(({ headers }) => headers['dpop'])).size).toBe(2);
    },
  );
});
