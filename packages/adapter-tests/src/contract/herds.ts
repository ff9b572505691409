import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { ClientUnderTest } from '../adapter.ts';
import { unauthorized } from '../answer.ts';
import { until, type World } from '../world.ts';

/** Sends many requests at once; gives how many were answered with which status. */
async function herd(size: number, ...clients: readonly ClientUnderTest[]): Promise<Record<number, number>> {
  const sent = Array.from({ length: size / clients.length }, () =>
    clients.map((client) => client.request({ url: '/orders' })),
  );
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(sent.flat())) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** What many requests cost together. */
export function herds(world: World): void {
  describe('many requests at once', () => {
    test('1,000 without a token cost one token request', async () => {
      const { api, identity } = world;
      expect(await herd(1_000, world.client())).toEqual({ 200: 1_000 });
      expect(api.requests).toHaveLength(1_000);
      expect(identity.tokenRequests).toBe(1);
    });

    test('500 that are answered with 401 cost one token request', async () => {
      const { api, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      identity.revokeAll();
      expect(await herd(500, client)).toEqual({ 200: 500 });
      expect(api.requests.length).toBeLessThanOrEqual(1_001);
      expect(identity.tokenRequests).toBe(2);
    });

    test('whose 401s come late, when another has renewed the token, cost none', async () => {
      const { api, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      identity.revokeAll();
      const gate = new EventEmitter();
      const after = once(gate, 'open');
      api.next(unauthorized(undefined, { after }), unauthorized(undefined, { after }));
      const late = Promise.all([client.request({ url: '/late' }), client.request({ url: '/late' })]);
      await until(() => api.requests.length === 3, 'both were sent with the old token');
      await client.request({ url: '/orders' });
      gate.emit('open');
      expect(await late).toMatchObject([{ status: 200 }, { status: 200 }]);
      expect(identity.tokenRequests).toBe(2);
    });

    test('through two clients with one source cost what they cost through one', async () => {
      const { identity } = world;
      const source = world.source();
      const clients = [world.client({ source }), world.client({ source })];
      expect(await herd(50, ...clients)).toEqual({ 200: 50 });
      expect(identity.tokenRequests).toBe(1);
      identity.revokeAll();
      expect(await herd(50, ...clients)).toEqual({ 200: 50 });
      expect(identity.tokenRequests).toBe(2);
    });
  });

  describe('bearerAuth applied twice', () => {
    test('sends one token, and one replay', async () => {
      const { api, identity } = world;
      const client = world.client({ attached: 2 });
      api.next(unauthorized());
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(api.requests[1]?.authorization).toMatch(/^Bearer [\w-]+$/);
      expect(identity.tokenRequests).toBe(2);
    });

    test('hands a second 401 over after exactly two calls', async () => {
      const { api, identity } = world;
      const client = world.client({ attached: 2 });
      api.next(unauthorized(), unauthorized());
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 401 });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(2);
    });
  });
}
