import { expect, test } from '@jest/globals';
import type { TestClock } from '@tokenline/testing';
import { accessToken } from '../../src/common/access-token.ts';
import { Events } from '../../src/common/events.ts';
import type { IssuedToken } from '../../src/common/issued-token.ts';
import { StoreEntry, StoreFailure } from '../../src/fleet/store-entry.ts';
import { hour, second, timedClock } from '../test-clock.ts';
import { Fleet, never } from './fleet.ts';

const { signal } = new AbortController();
const fleet = new Fleet();
const { store, clock } = fleet;

function open(key: Promise<string>): StoreEntry {
  const context = { clock, events: new Events(clock, {}, undefined) };
  return new StoreEntry(context, store, { scope: undefined, key, prover: undefined });
}

/** A token that has just been issued. */
function issue(lifetime: number): IssuedToken {
  const start = { wall: clock.now(), monotonic: clock.monotonic() };
  const token = accessToken({ value: 'token-1', type: 'Bearer', expiresAt: undefined, scope: undefined });
  return { token, start, lifetime, refreshIn: undefined };
}

test('an entry whose key cannot be computed fails what is asked of it, and nothing else', async () => {
  const entry = open(Promise.reject(new Error('no hashes')));
  await new Promise(setImmediate);
  await expect(entry.get(String)).rejects.toBeInstanceOf(StoreFailure);
  expect(store.calls).toEqual([]);
});

test('a token is read until it has no more than the last part of its life', async () => {
  const entry = open(Promise.resolve('read'));
  await entry.write(issue(hour), signal);
  fleet.advance(hour - 30 * second - 1);
  expect(await entry.read(signal)).toMatchObject({ token: { value: 'token-1' } });
  fleet.advance(1);
  expect(await entry.read(signal)).toBeUndefined();
});

test.each([
  [1, 1],
  [0.9, undefined],
  [0, undefined],
])('a token that lives for %d ms is written for %p', async (lifetime, until) => {
  const name = `${lifetime}`;
  await open(Promise.resolve(name)).write(issue(lifetime), signal);
  const written = store.values.get(name);
  expect(written && written.until - clock.now()).toBe(until);
});

/**
 * An entry of a store that fails, or does not answer, and the events of that.
 *
 * @param lag - how much later than they should timers are due, as they are in a process that is short of CPU.
 */
function failing(
  get: () => Promise<never>,
  timeout?: number,
  lag = 1,
): { get: () => Promise<unknown>; set: () => Promise<unknown>; time: TestClock; events: unknown[] } {
  const time = timedClock();
  const { startTimer } = time;
  const late: TestClock['startTimer'] = (callback, duration) => startTimer(callback, duration * lag);
  const events: unknown[] = [];
  const context = {
    clock: Object.assign(time, { startTimer: late }),
    events: new Events(time, {}, (event) => events.push(event)),
  };
  const broken = { get, set: get, lease: get, release: get, ...(timeout && { timeout }) };
  const entry = new StoreEntry(context, broken, { scope: 'read', key: Promise.resolve('key'), prover: undefined });
  return { get: () => entry.get(String), set: () => entry.set(String, 1), time, events };
}

test.each([
  [undefined, 500],
  [200, 200],
])('a store whose timeout is %p has %d ms for an answer', async (timeout, limit) => {
  const { get, time, events } = failing(never, timeout);
  const got = get().catch((error: unknown) => error);
  await time.advanceAsync(limit - 1);
  expect(events).toEqual([]);
  await time.advanceAsync(1);
  expect(await got).toBeInstanceOf(StoreFailure);
  expect(events).toMatchObject([{ type: 'store-failed', operation: 'get', reason: 'timeout', scope: 'read' }]);
});

test('a process that is short of CPU does not take its own slowness for that of the store', async () => {
  const asked: ((token: never) => void)[] = [];
  const { get, time, events } = failing(() => new Promise((resolve) => asked.push(resolve)), undefined, 1.2);
  const got = get();
  // 500 ms take 600: that is over three times.
  await time.advanceAsync(1_900);
  asked[0]?.('token' as never);
  expect([await got, events]).toEqual(['token', []]);
});

test('a process that stays short of CPU goes on without a store that never answers', async () => {
  const { get, time, events } = failing(never, undefined, 1.2);
  const got = get().catch((error: unknown) => error);
  await time.advanceAsync(2_399);
  expect(events).toEqual([]);
  await time.advanceAsync(1);
  expect(events).toMatchObject([{ type: 'store-failed', reason: 'timeout' }]);
  expect(await got).toBeInstanceOf(StoreFailure);
});

test.each<[code: unknown, told: string | undefined]>([
  ['ECONNREFUSED', 'ECONNREFUSED'],
  ['E_2', 'E_2'],
  ['X'.repeat(41), 'X'.repeat(41)],
  ['X'.repeat(42), undefined],
  ['2E', undefined],
  ['ECONN refused', undefined],
  [' ECONN', undefined],
  ['s3cret', undefined],
  [7, undefined],
  [['OOM'], undefined],
])('of an error with the code %p, an event says %p', async (code, told) => {
  const { get, events } = failing(() => Promise.reject(Object.assign(new Error(), { code })));
  await expect(get()).rejects.toBeInstanceOf(StoreFailure);
  expect((events[0] as { code?: string }).code).toBe(told);
});

test.each([undefined, null, 'ECONNREFUSED'])('%p in place of an error is a failure, too', async (thrown) => {
  const { get, events } = failing(() => Promise.reject(thrown));
  await expect(get()).rejects.toBeInstanceOf(StoreFailure);
  expect(events).toMatchObject([{ reason: 'error', code: undefined }]);
});

test('an entry cannot be unreadable for those who write it', async () => {
  const { set, events } = failing(() => Promise.reject(Object.assign(new Error(), { code: 'ERR_STORE_ENTRY' })));
  await expect(set()).rejects.toBeInstanceOf(StoreFailure);
  expect(events).toMatchObject([{ operation: 'set', reason: 'error', code: 'ERR_STORE_ENTRY' }]);
});
