import { describe, expect, test } from '@jest/globals';
import { unauthorized, unending } from '../answer.ts';
import { sourceOf, until, type World } from '../world.ts';
import { testUnless } from './gap.ts';

const usual = JSON.stringify({ message: 'no '.repeat(10_000) });
const long = JSON.stringify({ message: 'no '.repeat(100_000) });

/** What a refused request leaves behind. */
export function connections(world: World): void {
  describe('the connection', () => {
    test.each([
      { length: 'usual', body: usual, opened: 2 },
      // What is too long to be read away costs a connection or two.
      { length: 'long', body: long, opened: 40 },
    ])('is not held by a refusal of $length length that nobody reads', async ({ body, opened }) => {
      const { api } = world;
      const client = world.client({ source: sourceOf('a', 'b') });
      for (let count = 0; count < 10; count++) {
        api.next(unauthorized(undefined, { body }), {});
        expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      }
      expect(api.requests).toHaveLength(20);
      // Whether the refusal has been read away when the replay starts is a matter of luck.
      await until(() => api.openConnections <= 2, 'all connections but two were closed');
      expect(api.connections).toBeLessThanOrEqual(opened);
    });

    for (const [what, body] of Object.entries(unending))
      testUnless(world, 'answer without an end', `is given up where the first answer ${what}`, async () => {
        const { api } = world;
        api.next(unauthorized(undefined, { body: body() }));
        expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
        expect(api.requests).toHaveLength(2);
        await until(() => api.openConnections <= 1, 'the first connection was closed');
      });

    test('is one of few after a thousand 401s', async () => {
      const { api } = world;
      const client = world.client({ source: sourceOf('a', 'b') });
      const seen = new Set<string>();
      api.respond = ({ url }) => (seen.size < seen.add(url).size ? unauthorized() : {});
      const sender = async (_: unknown, name: number): Promise<void> => {
        for (let count = 0; count < 125; count++) {
          expect(await client.request({ url: `/orders/${name}/${count}` })).toMatchObject({ status: 200 });
        }
      };
      await Promise.all(Array.from({ length: 8 }, sender));
      expect(api.requests).toHaveLength(2_000);
      expect(api.connections).toBeLessThanOrEqual(16);
    });
  });
}
