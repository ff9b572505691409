import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '../answer.ts';
import { makeBody } from '../body.ts';
import { sourceOf, type World } from '../world.ts';
import { testUnless } from './gap.ts';

/** How a request is sent once more. */
export function replay(world: World): void {
  describe('the replay', () => {
    test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('is the same %s with another token', async (method) => {
      const { api } = world;
      api.next(unauthorized());
      const headers = { accept: 'application/json', 'x-trace': 'one, two' };
      const url = '/orders?q=a%20b&q=%C3%BC';
      expect(await world.client().request({ method, url, headers })).toMatchObject({ status: 200 });
      const [first, second, ...others] = api.requests.map((request) => ({
        ...request,
        headers: { ...request.headers, authorization: 'Bearer' },
        authorization: 'Bearer',
        connection: 0,
      }));
      expect(first).toMatchObject({ method, url, headers });
      expect(second).toEqual(first);
      expect(others).toEqual([]);
    });

    test('happens in the asynchronous context of its own request, over a connection of another one', async () => {
      const { api, identity } = world;
      const requests = new AsyncLocalStorage<string>();
      const contexts = new Map<string, string | undefined>();
      const source = world.source({ onEvent: ({ type }) => void contexts.set(type, requests.getStore()) });
      const client = world.client({ source });
      await requests.run('first', () => client.request({ url: '/orders' }));
      identity.revokeAll();
      contexts.clear();
      await requests.run('second', () => client.request({ url: '/orders' }));
      expect(api.requests).toHaveLength(3);
      for (const type of ['rejected', 'requested', 'acquired', 'replayed'])
        expect([type, contexts.get(type)]).toEqual([type, 'second']);
    });

    test('keeps the headers that describe the body', async () => {
      const { api } = world;
      api.next(unauthorized());
      const headers = { 'content-type': 'application/merge-patch+json' };
      await world.client().request({ method: 'PATCH', url: '/orders', headers, body: makeBody('string') });
      for (const request of api.requests) expect(request.headers).toMatchObject(headers);
      expect(api.requests[1]?.headers['content-length']).toBe(api.requests[0]?.headers['content-length']);
    });

    test('an answer in many pieces arrives whole', async () => {
      world.api.next(unauthorized());
      const { text } = await world.client().request({ url: '/download?bytes=1000000' });
      expect(text).toHaveLength(1_000_000);
    });

    test('that breaks off fails as the client would have, after exactly two calls', async () => {
      const { api } = world;
      api.next(unauthorized(), { broken: true });
      const request = { method: 'POST', url: '/orders', body: makeBody('string') };
      await expect(world.client().request(request)).rejects.toMatchObject({ message: expect.any(String) });
      expect(api.requests).toHaveLength(2);
    });

    testUnless(world, 'own time-out', 'ends in the client’s own time-out, as the first attempt does', async () => {
      const { api } = world;
      const client = world.client({ timeout: 1_500, source: sourceOf('a', 'b') });
      const never = new Promise(() => {});
      api.next({ after: never }, unauthorized(), { after: never });
      for (const calls of [1, 3]) {
        const error: unknown = await client.request({ url: '/orders' }).catch((reason: unknown) => reason);
        expect(world.adapter.isTimeout(error) || error).toBe(true);
        expect(api.requests).toHaveLength(calls);
      }
    });
  });

  describe('the client’s own retries', () => {
    const unavailable = { status: 503 };

    testUnless(world, 'own retries', 'are not spent by the replay', async () => {
      const { api } = world;
      api.next(unauthorized(), unavailable);
      expect(await world.client({ retries: 1 }).request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(3);
    });

    testUnless(world, 'own retries', 'are not reset by the replay', async () => {
      const { api } = world;
      api.next(unavailable, unauthorized(), unavailable);
      expect(await world.client({ retries: 1 }).request({ url: '/orders' })).toMatchObject({ status: 503 });
      expect(api.requests).toHaveLength(3);
    });

    testUnless(world, 'own retries', 'carry the token that is valid then', async () => {
      const { api } = world;
      const source = sourceOf('first', 'second');
      const client = world.client({ source, retries: 1 });
      api.respond = () => {
        source.current = 1;
        return api.requests.length === 1 ? unavailable : {};
      };
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second']);
    });
  });

  describe('the user’s own hooks', () => {
    for (const added of ['before', 'after'] as const) {
      testUnless(
        world,
        `hooks added ${added}`,
        `see one request and the final answer, added ${added} bearerAuth`,
        async () => {
          const { api } = world;
          const seen: unknown[] = [];
          const saw = (event: unknown): void => {
            seen.push(event);
          };
          api.next(unauthorized());
          expect(await world.client({ hooks: { added, saw } }).request({ url: '/orders' })).toMatchObject({
            status: 200,
          });
          expect(seen).toEqual(['request', 200]);
          expect(api.requests).toHaveLength(2);
        },
      );
    }
  });
}
