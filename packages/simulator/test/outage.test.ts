import { describe, expect, test } from '@jest/globals';
import { Fleet, type FleetOptions, inflict, runSeed, World } from '../src/index.ts';

const second = 1_000;
const minute = 60 * second;

/** Two hundred processes that start cold, within a second. */
function coldFleet(options: Partial<FleetOptions> = {}): Fleet {
  const usual = { processes: 200, lifetime: 60 * minute, pace: 100, gap: 5 * second, start: second, shared: true };
  return new Fleet(new World(1), { ...usual, ...options });
}

describe('an identity server that is down for a minute', () => {
  test.each(['refused', 'unavailable', 'silent'])('(%s) costs a fleet 40 token requests or fewer', async (fault) => {
    const fleet = coldFleet();
    inflict(fleet, fault, minute);
    await fleet.run(2 * minute);
    expect(fleet.watch.violations).toEqual([]);
    expect(fleet.watch.requests.total()).toBeLessThanOrEqual(40);
  });

  test('costs each process its own requests where what is in the store cannot be believed', async () => {
    const fleet = coldFleet({ authentic: false });
    inflict(fleet, 'unavailable', minute);
    await fleet.run(2 * minute);
    expect(fleet.watch.requests.total()).toBeGreaterThan(400);
  });
});

describe('processes that do not reach the identity server', () => {
  test.each([1, 2, 20, 100])('(%p of 200) fail no caller', async (count) => {
    const fleet = coldFleet();
    for (const process of fleet.processes.slice(0, count)) fleet.network.cut['identity server'].add(process);
    await fleet.run(minute);
    expect(fleet.watch.failures).toBe(0);
    expect(fleet.watch.requests.total()).toBeLessThanOrEqual(40);
  });
});

test.each([6, 18, 19])('seed %p of 150 processes in an outage makes few token requests', async (seed) => {
  const faults = ['unavailable', 'silent', 'slow', 'erratic', 'refused', 'revoked'];
  const names = [faults[seed % 6] ?? '', faults[(seed * 5 + 1) % 6] ?? ''];
  const { watch } = await runSeed(seed, { processes: 150, shared: true, faults: names });
  expect(watch.violations).toEqual([]);
});
