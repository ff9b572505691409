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
  const place = { topology: 'single' as const, ports: [Number(new URL(url).port)] };
  const options = { ...identity.client, client: 'redis', place, timeout: 240_000, store };
  fleet = await Promise.all(Array.from({ length: size }, () => Worker.start(options)));
});

afterEach(async () => {
  await Promise.all(fleet.map((worker) => worker.kill()));
  await identity.close();
});

/** How often one process would have asked by then, at the most: it waits between two requests. */
function attemptsWithin(time: number): number {
  let attempts = 0;
  for (let waited = 0; waited <= time; attempts++) waited += Math.min(250 * 2 ** attempts, Math.max(1_650, waited / 3));
  return attempts;
}

(hasRedis ? describe : describe.skip)(titleOf('a fleet whose identity server is down', hasRedis), () => {
  // Before three have failed, two at most wait as single processes do; after that, the fleet waits as one. So it makes no more
  // than three times the requests of one, however fast the machine is.
  test('asks it no more often than three processes would', async () => {
    identity.fail('unavailable');
    const began = performance.now();
    const asked = Promise.all(fleet.map((worker) => worker.ask()));
    while (identity.tokenRequests < 4 || performance.now() - began < 3_000) await setTimeout(20);
    const { tokenRequests } = identity;
    expect(tokenRequests).toBeLessThanOrEqual(3 * attemptsWithin(performance.now() - began));
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
