import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';
import { hasRedis, newKey, newPrefix, titleOf, url } from './redis.ts';
import { Worker } from './worker.ts';

const size = 8;

let identity: IdentityServer;
let fleet: Worker[];

beforeEach(async () => {
  identity = await IdentityServer.start();
  // The machine may have other things to do, and so has Redis: nobody is to give it up.
  const store = { encryptionKey: newKey(), prefix: newPrefix(), timeout: 60_000 };
  const options = { ...identity.client, url, timeout: 120_000, store };
  fleet = await Promise.all(Array.from({ length: size }, () => Worker.start(options)));
});

afterEach(async () => {
  await Promise.all(fleet.map((worker) => worker.kill()));
  await identity.close();
});

/** How often one process would have tried again by then. */
function attemptsWithin(time: number): number {
  let attempts = 0;
  for (let waited = 0; waited <= time; attempts++) waited += Math.min(250 * 2 ** attempts, Math.max(1_650, waited / 3));
  return attempts;
}

(hasRedis ? describe : describe.skip)(titleOf('a fleet whose identity server is down', hasRedis), () => {
  test('asks it no more often than one process would, but for the three that have to say so', async () => {
    identity.fail('unavailable');
    const began = performance.now();
    const asked = Promise.all(fleet.map((worker) => worker.ask()));
    while (identity.tokenRequests < 3 || performance.now() - began < 3_000) await setTimeout(20);
    // Some may have looked before the third had said so, or just when a wait ended.
    expect(identity.tokenRequests).toBeLessThanOrEqual(5 + attemptsWithin(performance.now() - began));
    identity.recover();
    const tokens = new Set(await asked);
    expect([...tokens].every((token) => identity.accepts(token))).toBe(true);
    expect(tokens.size).toBe(1);
  });

  test('has no part in the failure of two processes that do not reach it', async () => {
    const [one, two, ...others] = fleet;
    identity.fail('unavailable');
    const failing = [one?.ask(), two?.ask()];
    while (![one, two].every((worker) => worker?.events.some(({ type }) => type === 'failed'))) await setTimeout(5);
    identity.recover();
    const asked = others.map((worker) => worker.ask());
    expect(new Set(await Promise.all([...asked, ...failing])).size).toBe(1);
    expect(others.flatMap((worker) => worker.newEvents())).not.toContain('skipped');
  });
});
