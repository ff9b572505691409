import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])(
  'the end of a dispatcher with a token, $adapter.name',
  ({ adapter, undici: library }) => {
    const { Agent, interceptors, request } = library;
    const world = useWorld(adapter);
    const open = useAgents();
    const attach = (): Dispatcher => bearerAuth(open(new Agent()), world.source(), { origins: [world.api.origin] });
    const get = async (dispatcher: Dispatcher): Promise<number> => {
      const { statusCode, body } = await request(`${world.api.origin}/orders`, { dispatcher });
      await body.dump();
      return statusCode;
    };

    test('close() lets a request finish that waits for its token', async () => {
      const dispatcher = attach();
      const answer = get(dispatcher);
      await dispatcher.close();
      expect(await answer).toBe(200);
      await expect(get(dispatcher)).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    });

    test('close() lets a request finish whose token is renewed', async () => {
      const { api } = world;
      const dispatcher = attach();
      api.next(unauthorized());
      const answer = get(dispatcher);
      await until(() => api.requests.length === 1, 'the request arrives');
      await dispatcher.close();
      expect(await answer).toBe(200);
    });

    test('close() reaches through interceptors and a second bearerAuth, and takes a callback', async () => {
      const inner = attach();
      const outer = bearerAuth(inner, world.source(), { origins: [world.foreign.origin] });
      const dispatcher = outer.compose(interceptors.retry());
      const answer = get(dispatcher);
      await new Promise<void>((resolve) => {
        dispatcher.close(resolve);
      });
      expect(await answer).toBe(200);
    });

    test('close() of a dispatcher that nothing waits for is that of undici', async () => {
      const dispatcher = attach();
      expect(await get(dispatcher)).toBe(200);
      await Promise.all([dispatcher.close(), dispatcher.close()]);
      await expect(get(dispatcher)).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    });

    test('destroy() fails a request at once that waits for its token', async () => {
      const { api, identity } = world;
      identity.fail('hanging');
      const dispatcher = attach();
      const answer = get(dispatcher);
      await until(() => identity.tokenRequests === 1, 'a token is requested');
      await Promise.all([expect(answer).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' }), dispatcher.destroy()]);
      expect(api.requests).toEqual([]);
    });

    test('destroy() fails a request at once whose token is renewed, with the reason given', async () => {
      const { api, identity } = world;
      const dispatcher = attach();
      expect(await get(dispatcher)).toBe(200);
      identity.fail('hanging');
      api.next(unauthorized());
      const answer = get(dispatcher);
      await until(() => identity.tokenRequests === 2, 'a token is requested');
      const reason = new Error('the process ends');
      await Promise.all([expect(answer).rejects.toBe(reason), dispatcher.destroy(reason)]);
    });

    test('destroy() ends a close() that waits', async () => {
      const { identity } = world;
      identity.fail('hanging');
      const dispatcher = attach();
      const answer = get(dispatcher);
      await until(() => identity.tokenRequests === 1, 'a token is requested');
      const closed = dispatcher.close();
      await Promise.all([
        expect(answer).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' }),
        dispatcher.destroy(),
        closed,
      ]);
    });
  },
);
