import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';
import { hasRedis, newKey, newPrefix, titleOf, url } from '../redis.ts';
import { Worker, type WorkerOptions } from '../worker.ts';
import { until } from './matrix.ts';

const second = 1_000;
const minute = 60 * second;

let identity: IdentityServer;
const workers: Worker[] = [];

beforeEach(async () => {
  identity = await IdentityServer.start();
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await identity.close();
});

/** Starts a fleet in which each process has these options. */
async function start(...each: readonly Partial<WorkerOptions>[]): Promise<Worker[]> {
  const place = { topology: 'single', ports: [Number(new URL(url).port)] } as const;
  const store = { encryptionKey: newKey(), prefix: newPrefix(), timeout: minute };
  const options = { ...identity.client, client: 'redis', place, store, timeout: 2 * minute };
  const started = await Promise.all(each.map((own) => Worker.start({ ...options, ...own })));
  workers.push(...started);
  return started;
}

(hasRedis ? describe : describe.skip)(titleOf('a fleet', hasRedis), () => {
  test('one of whose processes stops for longer than all may take, while it has the lease, fails nobody', async () => {
    const timeout = 10 * second;
    const [owner, ...others] = (await start({ timeout }, { timeout }, { timeout }, { timeout })) as [
      Worker,
      ...Worker[],
    ];
    identity.fail('hanging');
    const late = owner.ask();
    await until(() => identity.tokenRequests === 1);
    owner.freeze();
    const asked = Promise.all(others.map((worker) => worker.ask()));
    await until(() => identity.tokenRequests > 1);
    identity.recover();
    const values = await asked;
    await setTimeout(1.5 * timeout);
    owner.thaw();
    expect([...values, await late].filter((value) => !identity.accepts(value))).toEqual([]);
    expect(identity.tokenRequests).toBeLessThanOrEqual(workers.length);
  });

  test('whose hosts have clocks that differ by minutes shares, at a start and when its token is revoked', async () => {
    const [ahead, behind, ...others] = (await start(
      ...[10, -10, -3, 0, 3].map((minutes) => ({ skew: minutes * minute })),
    )) as [Worker, Worker, ...Worker[]];
    const fleet = [ahead, behind, ...others];
    const first = await ahead.ask();
    expect(await Promise.all(fleet.map((worker) => worker.ask()))).toEqual(fleet.map(() => first));
    expect(identity.tokenRequests).toBe(1);
    identity.revokeAll();
    // By the clock of the one that is ahead, the new token is older than the one that was revoked.
    const next = await behind.ask({ rejected: first });
    expect(identity.accepts(next)).toBe(true);
    const renewed = await Promise.all(fleet.map((worker) => worker.ask({ rejected: first })));
    expect(renewed).toEqual(fleet.map(() => next));
    expect(identity.tokenRequests).toBe(2);
  });
});
