import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { TokenStore } from '@tokenline/core';

let keys = 0;
/** Looks like the keys that the source makes; no two are the same, so that a store may be used for all tests. */
const newKey = (): string => `${process.pid}${Date.now()}${keys++}`.padStart(64, '0');

/** What every {@link TokenStore} has to do. `name` is that of the store; `connect` gives one that works. */
export function testTokenStore(name: string, connect: () => TokenStore | Promise<TokenStore>): void {
  describe(`as a store, ${name}`, () => {
    test('has nothing under a key that is new', async () => {
      expect(await (await connect()).get(newKey())).toBeUndefined();
    });

    test.each([
      ['short', 'x'],
      ['long', 'eyJ0.'.repeat(4_000)],
      ['in any script', '{"scope":"žluťoučký 🐎"}'],
    ])('gives a text that is %s back as it was', async (_, text) => {
      const store = await connect();
      const key = newKey();
      await store.set(key, text, 60_000);
      expect((await store.get(key))?.value).toBe(text);
    });

    test('says how much of the lifetime is left, if anything', async () => {
      const store = await connect();
      const key = newKey();
      await store.set(key, 'value', 60_000);
      const { lifetime = 60_000 } = (await store.get(key)) ?? {};
      expect(lifetime).toBeLessThanOrEqual(60_000);
      expect(lifetime).toBeGreaterThan(0);
    });

    test('replaces a value, and its lifetime', async () => {
      const store = await connect();
      const key = newKey();
      await store.set(key, 'old', 50);
      await store.set(key, 'new', 60_000);
      await setTimeout(100);
      expect((await store.get(key))?.value).toBe('new');
    });

    test('has no value whose lifetime is over', async () => {
      const store = await connect();
      const key = newKey();
      await store.set(key, 'value', 50);
      await setTimeout(100);
      expect(await store.get(key)).toBeUndefined();
    });

    test('keeps what is under one key from another', async () => {
      const store = await connect();
      const [one, other] = [newKey(), newKey()];
      await store.set(one, 'value', 60_000);
      expect(await store.get(other)).toBeUndefined();
      expect([await store.lease(one, 'me', 60_000), await store.lease(other, 'you', 60_000)]).toEqual([true, true]);
    });

    test('gives a lease to one of all who ask at once', async () => {
      const store = await connect();
      const key = newKey();
      const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);
      const leases = await Promise.all(owners.map((owner) => store.lease(key, owner, 60_000)));
      expect(leases.filter(Boolean)).toHaveLength(1);
    });

    test('gives a lease that was given back to the next', async () => {
      const store = await connect();
      const key = newKey();
      await store.lease(key, 'one', 60_000);
      await store.release(key, 'one');
      expect(await store.lease(key, 'other', 60_000)).toBe(true);
    });

    test('takes a lease back from its owner alone', async () => {
      const store = await connect();
      const key = newKey();
      await store.lease(key, 'one', 60_000);
      await store.release(key, 'other');
      expect(await store.lease(key, 'other', 60_000)).toBe(false);
    });

    test('lets a lease end in time, and its successor be', async () => {
      const store = await connect();
      const key = newKey();
      await store.lease(key, 'dead', 50);
      await setTimeout(100);
      expect(await store.lease(key, 'next', 60_000)).toBe(true);
      await store.release(key, 'dead');
      expect(await store.lease(key, 'third', 60_000)).toBe(false);
    });

    test('keeps leases and values apart', async () => {
      const store = await connect();
      const key = newKey();
      await store.set(key, 'value', 60_000);
      expect(await store.lease(key, 'me', 60_000)).toBe(true);
      await store.release(key, 'me');
      await store.release(key, 'value');
      expect((await store.get(key))?.value).toBe('value');
    });
  });
}
