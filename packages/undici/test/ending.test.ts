import { describe, expect, test } from '@jest/globals';
import { endless, unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/undici';
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

    test('close() lets a request finish for which there is no other token', async () => {
      world.api.next(unauthorized());
      const dispatcher = bearerAuth(open(new Agent()), sourceOf('only'), { origins: [world.api.origin] });
      const answer = get(dispatcher);
      await dispatcher.close();
      expect(await answer).toBe(401);
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

    test.each<[string, (dispatcher: Dispatcher, end: () => void) => void]>([
      ['a callback', (dispatcher, end) => dispatcher.destroy(end)],
      ['null and a callback', (dispatcher, end) => dispatcher.destroy(null, end)],
    ])('destroy() takes %s, as that of undici does', async (_, destroy) => {
      const { identity } = world;
      identity.fail('hanging');
      const dispatcher = attach();
      const answer = get(dispatcher);
      await until(() => identity.tokenRequests === 1, 'a token is requested');
      const ended = new Promise<void>((resolve) => destroy(dispatcher, resolve));
      await Promise.all([expect(answer).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' }), ended]);
    });

    test('destroy() fails a request that is under way with the reason given', async () => {
      const { api } = world;
      api.next({ after: new Promise(() => {}) });
      const dispatcher = attach();
      const answer = get(dispatcher);
      await until(() => api.requests.length === 1, 'the request arrives');
      const reason = new Error('the process ends');
      await Promise.all([expect(answer).rejects.toBe(reason), dispatcher.destroy(reason)]);
    });

    test('close() waits for those requests alone that still need a token', async () => {
      const give: ((token: { value: string }) => void)[] = [];
      const source = { getToken: () => new Promise<{ value: string }>((resolve) => give.push(resolve)) };
      const dispatcher = bearerAuth(open(new Agent()), source, { origins: [world.api.origin] });
      const leaving = Array.from({ length: 5 }, () => new AbortController());
      const outcomes = leaving.map(({ signal }) =>
        request(`${world.api.origin}/orders`, { dispatcher, signal }).then(
          async ({ body, statusCode }) => (await body.dump(), statusCode),
          (error: unknown) => error,
        ),
      );
      for (const index of [1, 4, 0]) {
        leaving[index]?.abort('left');
        expect(await outcomes[index]).toBe('left');
      }
      let over = false;
      const closed = dispatcher.close().then(() => (over = true));
      for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
      expect(over).toBe(false);
      give.forEach((resolve) => resolve({ value: 'token-1' }));
      world.api.respond = () => ({});
      expect(await Promise.all(outcomes)).toEqual(['left', 'left', 200, 200, 'left']);
      await closed;
    });

    test('close() waits for a request while another one breaks off that has its answer', async () => {
      const { api } = world;
      let give: (() => void) | undefined;
      const source: TokenSource = {
        async getToken(options) {
          if (options?.rejected) await new Promise<void>((resolve) => (give = resolve));
          return { value: options?.rejected ? 'token-2' : 'token-1' };
        },
      };
      const dispatcher = bearerAuth(open(new Agent()), source, { origins: [api.origin] });
      api.next({ body: endless() }, unauthorized(), {});
      const { body } = await request(`${api.origin}/orders`, { dispatcher });
      const other = get(dispatcher);
      await until(() => give !== undefined, 'the token is renewed');
      body.on('error', () => {}).destroy();
      await new Promise(setImmediate);
      const closed = dispatcher.close();
      give?.();
      expect(await other).toBe(200);
      await closed;
    });

    test('close() takes no request any more, with a token or without, where nothing waits', async () => {
      const dispatcher = attach();
      expect(await get(dispatcher)).toBe(200);
      const closed = dispatcher.close();
      const other = dispatcher.request({ origin: world.foreign.origin, path: '/orders', method: 'GET' });
      await Promise.all([
        expect(other).rejects.toMatchObject({ name: expect.stringMatching(/Closed|Destroyed/) }),
        closed,
      ]);
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

    test('destroy() is the last that a request hears whose token is renewed', async () => {
      world.api.next(unauthorized());
      let fail: ((error: Error) => void) | undefined;
      const source: TokenSource = {
        getToken: async (options) =>
          options?.rejected ? new Promise((_, reject) => (fail = reject)) : { value: 'token-1' },
      };
      const dispatcher = bearerAuth(open(new Agent()), source, { origins: [world.api.origin] });
      const heard: string[] = [];
      dispatcher.dispatch(
        { origin: world.api.origin, path: '/orders', method: 'GET' },
        {
          onRequestStart: () => void heard.push('start'),
          onResponseStart: () => void heard.push('answer'),
          onResponseData() {},
          onResponseEnd() {},
          onResponseError: () => void heard.push('error'),
        },
      );
      await until(() => fail !== undefined, 'the token is renewed');
      await dispatcher.destroy();
      fail?.(new Error('no token'));
      for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
      expect(heard).toEqual(['start', 'error']);
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
