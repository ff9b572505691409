import { expect, test } from '@jest/globals';
import { Lease } from '../../src/fleet/lease.ts';
import { processName } from '../../src/fleet/process-name.ts';
import type { StoreEntry } from '../../src/fleet/store-entry.ts';
import { timedClock } from '../test-clock.ts';

const { signal } = new AbortController();

test.each([
  [400, 400],
  [399.6, 400],
  [0.1, 1],
])('a lease for %d ms is asked for in whole milliseconds, and lasts no longer', async (duration, asked) => {
  const clock = timedClock();
  const durations: number[] = [];
  const entry = {
    clock,
    async lease(_: string, length: number) {
      durations.push(length);
      return true;
    },
  } as unknown as StoreEntry;
  const lease = new Lease(entry, 'owner', duration);
  expect(lease.lasts).toBe(false);
  await lease.take(signal);
  clock.advance(asked - 1);
  expect(lease.lasts).toBe(true);
  clock.advance(1);
  expect([lease.lasts, durations]).toEqual([false, [asked]]);
});

const nameOf = (random: number, now: number, monotonic: number): string =>
  processName({ random: () => random, clock: { now: () => now, monotonic: () => monotonic } });

test('no two processes have the same name, where their numbers or their clocks differ', () => {
  const names = [nameOf(0.5, 1, 37), nameOf(0.25, 1, 37), nameOf(0.5, 37, 1), nameOf(0.5, 1, 38), nameOf(0.5, 2, 37)];
  expect(new Set(names).size).toBe(5);
  expect(nameOf(0.5, 1, 37)).toBe(names[0]);
});
