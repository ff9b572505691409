import { describe, expect, test } from '@jest/globals';
import { runSeed } from '../src/index.ts';

const hundreds = Array.from({ length: 10 }, (_, index) => 100 * index + 1);

const violationsOf = async (seed: number, faults?: readonly string[]): Promise<string[]> =>
  (await runSeed(seed, faults === undefined ? {} : { faults })).watch.violations;

test.each([5, 104, 213])('seed %p says everything: two runs are the same', async (seed) => {
  const [one, other] = [await runSeed(seed), await runSeed(seed)];
  expect(one.world.timeline.print()).toBe(other.world.timeline.print());
  expect(one.watch.events).toEqual(other.watch.events);
  expect(one.world.timeline.entries.length).toBeGreaterThan(20);
});

test('the timeline has 80 columns', async () => {
  const lines = (await runSeed(213)).world.timeline.print().split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

describe.each(hundreds)('from %p on', (first) => {
  test('a hundred seeds break no rule', async () => {
    const broken: Record<number, string[]> = {};
    for (let seed = first; seed < first + 100; seed++) {
      const violations = await violationsOf(seed);
      if (violations.length > 0) broken[seed] = violations;
    }
    expect(broken).toEqual({});
  });
});

// Chance alone seldom brings these together. `npx -y pnpm@12 simulate --seed N --faults LIST` shows what happens.
test.each([
  ['API,store-full', 'a refused token that is in the store'],
  ['store-stale,API', 'a store that gives an older token than the refused one'],
  ['store-hoarding', 'an expired token there'],
  ['store-silent', 'a store that gives no answer'],
  ['unavailable,refused', 'long waits'],
])('fifty seeds with %s break no rule: %s', async (faults) => {
  for (let seed = 1; seed <= 50; seed++)
    expect([seed, await violationsOf(seed, faults.split(','))]).toEqual([seed, []]);
});
