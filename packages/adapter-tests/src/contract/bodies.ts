import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { endless, unauthorized } from '../answer.ts';
import { bodyKinds, defectOf, makeBody } from '../body.ts';
import type { World } from '../world.ts';
import { testUnless } from './gap.ts';

/** What becomes of each kind of body. Never is one sent that is empty or cut off. */
export function bodies(world: World): void {
  const promised = bodyKinds.map((kind) => ({ kind, promise: world.adapter.bodies[kind] }));
  const supported = promised.filter(({ promise }) => typeof promise === 'string');

  describe('the body of a request', () => {
    test.each(supported)('$kind after a 401: $promise', async ({ kind, promise }) => {
      const { api } = world;
      api.next(unauthorized());
      const { status } = await world.client().request({ method: 'POST', url: '/orders', body: makeBody(kind) });
      const replayed = promise === 'replayed';
      expect(api.requests.map((request) => defectOf(kind, request))).toEqual(
        replayed ? [undefined, undefined] : [undefined],
      );
      expect(status).toBe(replayed ? 200 : 401);
    });

    test('an empty text is sent again, too', async () => {
      const { api } = world;
      api.next(unauthorized());
      const body = { kind: 'string', value: '' } as const;
      expect(await world.client().request({ method: 'POST', url: '/orders', body })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
    });

    test.each(supported)('$kind after a 401 that came before it was read: $promise', async ({ kind, promise }) => {
      const { api } = world;
      api.next(unauthorized(undefined, { early: true }));
      const { status } = await world.client().request({ method: 'POST', url: '/orders', body: makeBody(kind) });
      const replayed = promise === 'replayed';
      const whole = api.requests.slice(1).map((request) => defectOf(kind, request));
      expect(whole).toEqual(replayed ? [undefined] : []);
      expect(status).toBe(replayed ? 200 : 401);
    });

    test.each(supported.filter(({ promise }) => promise === 'handed over'))(
      'a $kind that could not be sent again is not lost twice: the next request has a new token',
      async ({ kind }) => {
        const { api, identity } = world;
        const client = world.client();
        await client.request({ url: '/orders' });
        identity.revokeAll();
        expect(await client.request({ method: 'POST', url: '/orders', body: makeBody(kind) })).toMatchObject({
          status: 401,
        });
        expect(await client.request({ method: 'POST', url: '/orders', body: makeBody(kind) })).toMatchObject({
          status: 200,
        });
        expect(api.requests.slice(1).map((request) => defectOf(kind, request))).toEqual([undefined, undefined]);
        expect(identity.tokenRequests).toBe(2);
      },
    );

    testUnless(world, 'upload without an end', 'is sent as it comes where it has no end, never collected', async () => {
      world.api.next(unauthorized(undefined, { early: true }));
      const value = Readable.from(endless());
      const body = { kind: 'Node stream' as const, value };
      const { status } = await world.client().request({ method: 'POST', url: '/orders', body });
      value.destroy();
      expect(status).toBe(401);
    });
  });
}
