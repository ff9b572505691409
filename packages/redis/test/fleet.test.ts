import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';
import { connectClient, hasRedis, newKey, newPrefix, server, titleOf, url } from './redis.ts';
import { Worker, type WorkerOptions } from './worker.ts';

// The machine may have other things to do, and so has Redis: nobody is to give it up.
const patient = 60_000;
/** For a Redis that goes away: so long do those wait who want to share. */
const impatience = 3_000;

let identity: IdentityServer;
let options: WorkerOptions;
const workers: Worker[] = [];

beforeEach(async () => {
  identity = await IdentityServer.start();
  options = {
    ...identity.client,
    client: 'redis',
    place: { topology: 'single', ports: [Number(new URL(url).port)] },
    timeout: 120_000,
    store: { encryptionKey: newKey(), prefix: newPrefix(), timeout: patient },
  };
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await identity.close();
});

/** Starts processes; none has a token yet. */
async function start(count: number, more: Partial<WorkerOptions> = {}): Promise<Worker[]> {
  const started = await Promise.all(Array.from({ length: count }, () => Worker.start({ ...options, ...more })));
  workers.push(...started);
  return started;
}

const askAll = (fleet: readonly Worker[], rejected?: string): Promise<string[]> =>
  Promise.all(fleet.map((worker) => worker.ask(rejected === undefined ? {} : { rejected })));

/** The one value, where all have the same. */
const only = (values: readonly string[]): string => {
  expect(new Set(values).size).toBe(1);
  return values[0] ?? '';
};

const impatient = (): Partial<WorkerOptions> => ({ store: { ...options.store, timeout: impatience } });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

(hasRedis ? describe : describe.skip)(titleOf('a fleet', hasRedis), () => {
  test('of eight processes that start at once makes one token request', async () => {
    const token = only(await askAll(await start(8)));
    expect([identity.accepts(token), identity.tokenRequests]).toEqual([true, 1]);
  });

  test('has the token at hand for a process that starts later', async () => {
    const [first] = await start(1);
    const [later] = await start(1);
    const token = await first?.ask();
    expect([await later?.ask(), identity.tokenRequests]).toEqual([token, 1]);
    expect(later?.newEvents()).toEqual(['missed', 'store-hit']);
  });

  test('makes one renewal when its token is revoked', async () => {
    const fleet = await start(8);
    const revoked = only(await askAll(fleet));
    identity.revokeAll();
    const token = only(await askAll(fleet, revoked));
    expect([identity.accepts(token), identity.tokenRequests]).toEqual([true, 2]);
    // Whoever learns of it late gets the new one as well.
    expect(await (await start(1))[0]?.ask({ rejected: revoked })).toBe(token);
    expect(identity.tokenRequests).toBe(2);
  });

  test('makes one request for each lifetime of a token', async () => {
    identity.lifetime = 3_000;
    const fleet = await start(4);
    const seen = new Set<string>();
    await Promise.all(
      fleet.map(async (worker) => {
        for (; seen.size < 3; await setTimeout(20)) seen.add(await worker.ask());
      }),
    );
    // Each token was had by one request; another one may be under way.
    expect(identity.tokenRequests - seen.size).toBeLessThanOrEqual(1);
  });

  test('goes on when the process whose turn it is gets killed', async () => {
    const [owner] = await start(1, { timeout: 20_000 });
    const others = await start(3, { timeout: 20_000 });
    identity.fail('hanging');
    const lost = owner?.ask().catch((error: Error) => error.message);
    await until(() => identity.tokenRequests === 1);
    const asked = askAll(others);
    await setTimeout(200);
    await owner?.kill();
    expect(await lost).toBe('the process has ended');
    identity.recover();
    const token = only(await asked);
    expect([identity.accepts(token), identity.tokenRequests]).toEqual([true, 2]);
  });

  test('of two generations of keys shares among those who have both, and fails for none', async () => {
    const { store } = options;
    const [older, newer] = [newKey(), newKey()];
    const [first] = await start(1, { store: { ...store, encryptionKey: older } });
    const [both] = await start(1, { store: { prefix: store.prefix, encryptionKeys: [newer, older] } });
    const [last] = await start(1, { store: { prefix: store.prefix, encryptionKey: newer } });
    const token = await first?.ask();
    expect([await both?.ask(), identity.tokenRequests]).toEqual([token, 1]);
    const other = (await last?.ask()) ?? '';
    expect([identity.accepts(other), identity.tokenRequests]).toEqual([true, 2]);
    expect(last?.events).toContainEqual(
      expect.objectContaining({ type: 'store-failed', reason: 'unreadable', code: 'ERR_STORE_ENTRY' }),
    );
  });

  test('that finds garbage replaces it, with one request', async () => {
    const fleet = await start(4);
    const admin = await connectClient();
    only(await askAll(fleet));
    const [key = ''] = await admin.keys(`${options.store.prefix}token:*`);
    await admin.set(key, 'garbage', { PX: 60_000 });
    only(await askAll(await start(4)));
    expect(identity.tokenRequests).toBe(2);
  });

  test('does not wait for a Redis that is slow', async () => {
    const fleet = await start(2, { store: { ...options.store, timeout: 100 } });
    const admin = await connectClient();
    await admin.sendCommand(['CLIENT', 'PAUSE', '8000', 'ALL']);
    await askAll(fleet);
    expect(identity.tokenRequests).toBe(2);
    expect(fleet[0]?.events).toContainEqual(expect.objectContaining({ type: 'store-failed', reason: 'timeout' }));
    await admin.ping();
    // It is fast again: the next ones share.
    only(await askAll(await start(2)));
    expect(identity.tokenRequests).toBeLessThanOrEqual(3);
  });
});

(server === undefined ? describe.skip : describe)(titleOf('a fleet whose Redis', server !== undefined), () => {
  test('is full goes on without it', async () => {
    const fleet = await start(2, impatient());
    const admin = await connectClient();
    await admin.configSet('maxmemory', '1');
    try {
      await askAll(fleet);
      expect(identity.tokenRequests).toBe(2);
      expect(fleet[0]?.newEvents()).toEqual(['missed', 'store-miss', 'store-failed', 'requested', 'acquired']);
    } finally {
      await admin.configSet('maxmemory', '0');
    }
  });

  test('stops goes on without it, and shares again when it is back', async () => {
    const fleet = await start(4, impatient());
    const token = only(await askAll(fleet));
    await server?.stop();
    try {
      expect(only(await askAll(fleet))).toBe(token);
      identity.revokeAll();
      const alone = await askAll(fleet, token);
      expect([alone.every((value) => identity.accepts(value)), identity.tokenRequests]).toEqual([true, 5]);
    } finally {
      await server?.resume();
    }
    identity.revokeAll();
    await setTimeout(200);
    // Each has another token to complain of, and all get the same.
    const held = await askAll(fleet);
    only(await Promise.all(fleet.map((worker, index) => worker.ask({ rejected: held[index] ?? '' }))));
    expect(identity.tokenRequests).toBe(6);
  });
});
