import { afterEach, describe, expect, test } from '@jest/globals';
import { redirect } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type ClientTokenSource, proofKey } from '@tokenline/undici';
import type * as undici from 'undici';
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
