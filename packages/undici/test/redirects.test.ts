import { afterEach, describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type ClientTokenSource, proofKey } from '@tokenline/undici';
import type * as undici from 'undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('the redirect of a bound token by $adapter.name', ({ adapter, undici: library }) => {
  const { Agent, interceptors, request } = library;
  const world = useWorld(adapter);
  const bound = (): ClientTokenSource => world.source({ dpop: proofKey() });
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
    const dispatcher = bearerAuth(open(), bound(), { origins: [api.origin] }).compose(follow());
    api.next(redirect('/landing'));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is followed by fetch, which has each hop dispatched', async () => {
    const { api } = world;
    const guard = world.guard();
    const dispatcher = bearerAuth(open(), bound(), { origins: [api.origin] });
    api.next(redirect('/landing'));
    expect(await library.fetch(`${api.origin}/orders`, { dispatcher })).toMatchObject({ status: 200 });
    expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
  });

  test('is not followed by one inside, which would take the proof along', async () => {
    const { api, foreign } = world;
    world.guard();
    const dispatcher = bearerAuth(open().compose(follow()), bound(), { origins: [api.origin] });
    api.next(redirect(`${foreign.origin}/landing`));
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(302);
    expect(foreign.requests).toEqual([]);
  });
});

describe.each([newest, oldest])(
  'a redirect between two allowed origins, below $adapter.name',
  ({ adapter, undici }) => {
    const { Agent, interceptors } = undici;
    const world = useWorld(adapter);
    const open = useAgents();
    const attach = (): Dispatcher =>
      bearerAuth(open(new Agent()).compose(interceptors.redirect({ maxRedirections: 3 })), world.source(), {
        origins: [world.api.origin, world.foreign.origin],
      });
    const send = async (
      method: 'GET' | 'HEAD' | 'POST',
      dispatcher = attach(),
      headers: Record<string, string> | string[] = { cookie: 'session=1', 'x-trace': 'a' },
    ): Promise<number> => {
      const { statusCode, body } = await dispatcher.request({
        origin: world.api.origin,
        path: '/orders',
        method,
        headers,
      });
      await body.dump();
      return statusCode;
    };

    test.each(['GET', 'HEAD'] as const)(
      'has a %s sent on with the token, and without what is for one origin',
      async (method) => {
        const { api, foreign, identity } = world;
        api.next(redirect(`${foreign.origin}/landing?page=2`));
        expect(await send(method)).toBe(200);
        expect(api.requests).toHaveLength(1);
        expect(foreign.requests).toMatchObject([
          { url: '/landing?page=2', authorization: undefined },
          {
            url: '/landing?page=2',
            method,
            authorization: expect.stringMatching(/^Bearer /),
            headers: { 'x-trace': 'a' },
          },
        ]);
        expect(foreign.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
        expect(identity.tokenRequests).toBe(1);
      },
    );

    test('leaves what is for one origin out of headers in a flat list, too', async () => {
      const { api, foreign } = world;
      api.next(redirect(`${foreign.origin}/landing`));
      const headers = ['x-trace', 'cookie', 'Cookie', 'session=1', 'x-cookie', 'a', 'cookie-last', 'b'];
      expect(await send('GET', attach(), headers)).toBe(200);
      expect(foreign.requests.at(-1)?.headers).toMatchObject({
        'x-trace': 'cookie',
        'x-cookie': 'a',
        'cookie-last': 'b',
      });
      expect(foreign.requests.at(-1)?.headers).not.toHaveProperty('cookie');
    });

    test('of a request that is refused in its own origin has the token renewed at once', async () => {
      const { api, identity } = world;
      api.next(redirect('/landing'), unauthorized());
      expect(await send('GET')).toBe(200);
      expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/landing', '/orders']);
      expect(identity.tokenRequests).toBe(2);
    });

    test('of an unsafe request is not repeated for the sake of a token, and one without a redirect is', async () => {
      const { api, identity } = world;
      api.next(redirect('/landing', 307), unauthorized(), unauthorized());
      const dispatcher = attach();
      expect(await send('POST', dispatcher)).toBe(401);
      expect(await send('POST', dispatcher)).toBe(200);
      expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/landing', '/orders', '/orders']);
      expect(identity.tokenRequests).toBe(3);
    });

    test('that ends with what the user calls a refusal is final where there was no token', async () => {
      const { api, foreign, identity } = world;
      const follow = interceptors.redirect({ maxRedirections: 3 });
      const dispatcher = bearerAuth(open(new Agent()).compose(follow), world.source(), {
        origins: [api.origin, foreign.origin],
        refused: ({ status }) => status === 403,
      });
      api.next(redirect(`${foreign.origin}/landing`));
      foreign.next({ status: 403 });
      expect(await send('GET', dispatcher)).toBe(403);
      expect([foreign.requests.length, identity.tokenRequests]).toEqual([1, 1]);
    });

    test('has the token renewed where that is refused at its end', async () => {
      const { api, foreign, identity } = world;
      api.next(redirect(`${foreign.origin}/landing`));
      foreign.next(unauthorized(), unauthorized());
      expect(await send('GET')).toBe(200);
      expect(foreign.requests).toHaveLength(3);
      expect(identity.tokenRequests).toBe(2);
    });

    test('that goes to and fro comes to an end, and renews nothing', async () => {
      const { api, foreign, identity } = world;
      api.respond = ({ url }) => redirect(`${foreign.origin}/landing-from${url}`);
      foreign.respond = ({ authorization }) => (authorization ? redirect(`${api.origin}/back`) : unauthorized());
      expect(await send('GET')).toBe(401);
      expect(identity.tokenRequests).toBe(1);
    });

    test('of any other method is final, and renews nothing', async () => {
      const { api, foreign, identity } = world;
      api.next(redirect(`${foreign.origin}/landing`, 303));
      expect(await send('POST')).toBe(401);
      expect(foreign.requests).toHaveLength(1);
      expect(identity.tokenRequests).toBe(1);
    });

    test('is followed with the token by an interceptor that is composed after', async () => {
      const { api, foreign } = world;
      const dispatcher = bearerAuth(open(new Agent()), world.source(), { origins: [api.origin, foreign.origin] });
      api.next(redirect(`${foreign.origin}/landing`, 303));
      expect(await send('POST', dispatcher.compose(interceptors.redirect({ maxRedirections: 3 })))).toBe(200);
      expect(foreign.requests).toMatchObject([{ method: 'GET', authorization: expect.stringMatching(/^Bearer /) }]);
    });
  },
);
