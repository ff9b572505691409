import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { IssuedToken } from '../../src/common/issued-token.ts';
import { requestOrAdopt } from '../../src/fleet/race.ts';

const issued = (value: string): IssuedToken => ({ token: { value } }) as IssuedToken;
const [ours, theirs] = [issued('ours'), issued('theirs')];
const never = new Promise<never>(() => {});
const failure = new Error('no token');

/** The two ways to a token: by default, neither leads there. */
const contenders = (own: Partial<Parameters<typeof requestOrAdopt>[0]>): Parameters<typeof requestOrAdopt>[0] => ({
  request: () => never,
  find: async () => undefined,
  rest: () => never,
  ...own,
});
const endedBy = (end: AbortSignal): Promise<never> =>
  new Promise((_, reject) => end.addEventListener('abort', () => reject(end.reason as Error)));
const { signal } = new AbortController();

describe('a request that is made while another process may be making one', () => {
  test('gives way to the token that it finds', async () => {
    let ended: AbortSignal | undefined;
    const request = (end: AbortSignal): Promise<never> => {
      ended = end;
      return never;
    };
    const ways = contenders({ request, find: async () => theirs, rest: async () => {} });
    expect(await requestOrAdopt(ways, signal)).toEqual({ issued: theirs, adopted: true });
    expect(ended?.aborted).toBe(true);
  });

  test('looks once more when it has failed', async () => {
    const ways = contenders({ request: () => Promise.reject(failure), find: async () => theirs });
    expect(await requestOrAdopt(ways, signal)).toEqual({ issued: theirs, adopted: true });
  });

  test.each([
    ['has none', async () => undefined],
    ['fails too', () => Promise.reject(new Error('down'))],
  ])('fails as it did where the store %s', async (_, find) => {
    const ways = contenders({ request: () => Promise.reject(failure), find });
    await expect(requestOrAdopt(ways, signal)).rejects.toBe(failure);
  });

  test('is all that is left where the store fails', async () => {
    let issue: ((token: IssuedToken) => void) | undefined;
    const request = (): Promise<IssuedToken> => new Promise((resolve) => (issue = resolve));
    const find = async (): Promise<never> => {
      setImmediate(() => issue?.(ours));
      throw new Error('down');
    };
    expect(await requestOrAdopt(contenders({ request, find, rest: async () => {} }), signal)).toEqual({ issued: ours });
  });

  test('ends with whoever wanted it, and leaves nothing behind', async () => {
    const leaving = new AbortController();
    const asked = requestOrAdopt(contenders({ request: endedBy }), leaving.signal);
    leaving.abort(failure);
    await expect(asked).rejects.toBe(failure);
    const { signal: staying } = new AbortController();
    await requestOrAdopt(contenders({ request: async () => ours }), staying);
    expect(getEventListeners(staying, 'abort')).toEqual([]);
  });

  test('looks less and less often, down to twice a second', async () => {
    const waits: number[] = [];
    const rest = async (wait: number): Promise<void> => void waits.push(wait);
    const find = async (): Promise<IssuedToken | undefined> => (waits.length < 20 ? undefined : theirs);
    await requestOrAdopt(contenders({ find, rest }), signal);
    expect(waits.slice(0, 2)).toEqual([25, 31.25]);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits.at(-1)).toBe(500);
  });
});
