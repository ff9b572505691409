import { expect, test } from '@jest/globals';
import { accessToken } from '../../src/common/access-token.ts';
import { Events } from '../../src/common/events.ts';
import type { IssuedToken } from '../../src/common/issued-token.ts';
import { StoreEntry, StoreFailure } from '../../src/fleet/store-entry.ts';
import { hour, second } from '../test-clock.ts';
import { Fleet } from './fleet.ts';

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
