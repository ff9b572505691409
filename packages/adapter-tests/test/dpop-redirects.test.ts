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
import { describeRedirects } from '../src/redirect-contract.ts';
import { useWorld, type World } from '../src/world.ts';
import { axiosAdapter } from './drivers/axios.ts';
import { fetchAdapter } from './drivers/fetch.ts';
import { ky1, ky2, kyAdapter } from './drivers/ky.ts';
import { type Undici, undiciAdapter } from './drivers/undici.ts';

const boundSource = (world: World): ClientTokenSource => world.source({ dpop: proofKey() });

const fetchClient = fetchAdapter('fetch', fetch);
describeRedirects({
  name: 'fetch',
  adapter: fetchClient,
  attach: (source, origins) => authorizeFetch(fetch, source, { origins }),
});
describeRedirects({
  name: 'the fetch of undici',
  adapter: fetchClient,
  attach: (source, origins) => authorizeFetch(undici.fetch as unknown as typeof fetch, source, { origins }),
});
describeRedirects({
  name: 'fetch, by way of a Request',
  adapter: fetchClient,
  attach(source, origins) {
    const send = authorizeFetch(fetch, source, { origins });
    return (url, init) => send(new Request(url, { ...init, duplex: 'half' } as RequestInit));
  },
  // A Request does not say whether it was made from a stream.
  keepsStreams: true,
});

for (const { name, base, generation } of [
  { name: 'ky', base: ky, generation: ky2 },
  { name: 'ky 1', base: oldestKy as unknown as KyInstance, generation: ky1 },
]) {
  describeRedirects({
    name,
    adapter: kyAdapter(name, base, generation),
    attach(source, origins) {
      const client = authorizeKy(base.create({ throwHttpErrors: false, retry: 0 }), source, { origins });
      return (url, init) => client(url, init as object);
    },
  });
}

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
    const guard = world.guard();
    const dispatcher = authorizeUndici(open(), boundSource(world), { origins: [api.origin] }).compose(follow());
    api.next(redirect('/landing'));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is followed by fetch, which has each hop dispatched', async () => {
    const { api } = world;
    const guard = world.guard();
    const dispatcher = authorizeUndici(open(), boundSource(world), { origins: [api.origin] });
    api.next(redirect('/landing'));
    expect(await library.fetch(`${api.origin}/orders`, { dispatcher })).toMatchObject({ status: 200 });
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is not followed by one inside, which would take the proof along', async () => {
    const { api, foreign } = world;
    world.guard();
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
    world.guard();
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    const { status } = await attach({ validateStatus: () => true }).get('/orders');
    expect(status).toBe(adapter === 'http' ? 200 : 302);
    for (const { headers } of foreign.requests) {
      for (const name of ['authorization', 'dpop']) expect(headers).not.toHaveProperty(name);
    }
  });

  test('leaves the fetchOptions of the caller as they were', async () => {
    world.guard();
    const fetchOptions = { redirect: 'follow' as const };
    const { config } = await attach({ fetchOptions }).get('/orders');
    expect(config.fetchOptions).toEqual(fetchOptions);
    expect((await attach().get('/orders')).config).not.toHaveProperty('fetchOptions');
  });

  test.each([{ status: 404 }, { broken: true }])(
    'a config that failed by %j is sent again with a new proof',
    async (answer) => {
      const { api } = world;
      const guard = world.guard();
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
