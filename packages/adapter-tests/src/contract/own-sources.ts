import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { tokenErrorOf, type TokenSource } from '@tokenline/core';
import { unauthorized } from '../answer.ts';
import { until, type World } from '../world.ts';

/** Looks like nothing else in a message. */
const value = 'opensesame';

const throwing = (name: string): object =>
  Object.defineProperty({ value }, name, {
    get() {
      throw new Error(value);
    },
  });

/** What a source brings that is no token. */
const rubbish: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['a text', value],
  ['an object without a value', { token: value }],
  ['an empty value', { value: '' }],
  ['a value with a carriage return', { value: `${value}\rx` }],
  ['a value with a line feed', { value: `${value}\nX-Evil: 1` }],
  ['a value with a NUL', { value: `${value}\0` }],
  ['a value with a space', { value: `${value} ${value}` }],
  ['a value beyond Latin-1', { value: `${value}\u{1F511}` }],
  ['a value beyond ASCII', { value: `${value}é` }],
  ['a value of a megabyte', { value: value.repeat(100_000) }],
  ['a value that throws', throwing('value')],
  ['a type with a line feed', { value, type: 'Bearer\r\nX-Evil: 1' }],
  ['a type with a NUL', { value, type: 'Bearer\0' }],
  ['a type with a space', { value, type: 'Bearer Bearer' }],
  ['a type that throws', throwing('type')],
];

/** Sources of the user's own, which may do anything. */
export function ownSources(world: World): void {
  describe('a source of the user’s own', () => {
    test.each(rubbish)('that brings %s sends nothing, and shows nothing', async (_, brought) => {
      const { api } = world;
      const source: TokenSource = { getToken: async () => brought as never };
      const error: unknown = await world
        .client({ source })
        .request({ url: '/orders' })
        .catch((reason: unknown) => reason);
      expect(tokenErrorOf(error)).toMatchObject({
        code: 'ERR_TOKEN_RESPONSE',
        message: expect.stringContaining('token source'),
      });
      for (const shown of [inspect(error, { depth: 8 }), JSON.stringify(error), String((error as Error).stack)])
        expect(shown).not.toContain(value);
      expect(api.requests).toEqual([]);
    });

    test('that brings rubbish for a renewal leaves the answer as it is', async () => {
      const { api } = world;
      api.next(unauthorized());
      const source: TokenSource = {
        getToken: async ({ rejected } = {}) => ({ value: rejected ? `${value}\n` : 'first' }),
      };
      const outcome = await world.client({ source }).request({ url: '/orders' });
      expect(outcome).toMatchObject({ status: 401 });
      expect(inspect(outcome.error, { depth: 8 })).not.toContain(value);
      expect(api.requests).toHaveLength(1);
    });

    test.each(['its token', 'the renewal of its token'])(
      'that heeds no signal does not keep a request that is aborted while it waits for %s',
      async (what) => {
        const { api } = world;
        const controller = new AbortController();
        const reason = new Error('changed my mind');
        let waits = false;
        const source: TokenSource = {
          async getToken({ rejected } = {}) {
            if (what !== 'its token' && !rejected) return { value: 'first' };
            waits = true;
            return new Promise(() => {});
          },
        };
        api.next(unauthorized());
        const request = world.client({ source }).request({ url: '/orders', signal: controller.signal });
        const ended = request.catch((error: unknown) => error);
        await until(() => waits, 'the source was asked');
        controller.abort(reason);
        const error = await ended;
        expect(world.adapter.isAbort(error, reason) || error).toBe(true);
      },
    );

    test('that throws at once fails the request', async () => {
      const source: TokenSource = {
        getToken() {
          throw new Error('no');
        },
      };
      await expect(world.client({ source }).request({ url: '/orders' })).rejects.toThrow('no');
      expect(world.api.requests).toEqual([]);
    });
  });
}
