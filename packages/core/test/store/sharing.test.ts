import { describe, expect, test } from '@jest/globals';
import { MemoryStore, testTokenStore } from '@tokenline/adapter-tests/store';
import { sharedStore } from '../../src/index.ts';
import { Client, failure } from '../lifecycle/client.ts';
import { HeldServer, oauthError, unavailable } from '../lifecycle/held-server.ts';
import { hour, minute, second, timedClock } from '../test-clock.ts';
import { Fleet, until } from './fleet.ts';

testTokenStore('one in memory', () => new MemoryStore());

describe('a fleet', () => {
  test('that starts at once makes one token request', async () => {
    const fleet = new Fleet();
    const tokens = await Promise.all(fleet.clients(20).map((client) => client.ask()));
    expect([new Set(tokens), fleet.requestCount]).toEqual([new Set(['token-1']), 1]);
  });

  test('has the token at hand for whoever starts later', async () => {
    const fleet = new Fleet();
    const first = fleet.client();
    await first.ask();
    const later = fleet.client();
    const { value, type, scope } = await later.source.getToken();
    expect([value, type, scope, fleet.requestCount]).toEqual(['token-1', 'Bearer', undefined, 1]);
    expect(first.newEvents()).toEqual(['missed', 'store-miss', 'requested', 'acquired']);
    expect(later.events).toMatchObject([{ type: 'missed' }, { type: 'store-hit', duration: 0, lifetime: hour }]);
  });

  test('is not asked, and the store neither, while there is a fresh token', async () => {
    const fleet = new Fleet();
    const client = fleet.client();
    await client.ask();
    await until(() => fleet.store.calls.includes('release'));
    const before = fleet.store.calls.length;
    await Promise.all(client.askTimes(1_000));
    expect(fleet.store.calls).toHaveLength(before);
  });

  test('shares what the server said of the token', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = (request) => request.answer({ scope: 'read write', refresh_in: 600 });
    const issued = await fleet.client().source.getToken();
    fleet.advance(9 * minute);
    const shared = await fleet.client().source.getToken();
    expect([shared.scope, shared.expiresAt]).toEqual(['read write', issued.expiresAt]);
    const last = fleet.client();
    await last.ask();
    fleet.advance(2 * minute);
    await last.ask();
    await until(() => fleet.requestCount === 2);
  });

  test('shares a token whose expiry nobody knows', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = (request) => request.answer({ expires_in: undefined });
    await fleet.client().ask();
    expect((await fleet.client().source.getToken()).expiresAt).toBeUndefined();
    expect(fleet.requestCount).toBe(1);
  });

  test('renews an ageing token once', async () => {
    const fleet = new Fleet();
    const clients = fleet.clients(5);
    await Promise.all(clients.map((client) => client.ask()));
    fleet.advance(56 * minute);
    expect(await Promise.all(clients.map((client) => client.ask()))).toEqual(Array(5).fill('token-1'));
    const settled = ['acquired', 'store-hit'];
    await until(() => clients.every(({ events }) => events.filter(({ type }) => settled.includes(type)).length === 2));
    expect(await Promise.all(clients.map((client) => client.ask()))).toEqual(Array(5).fill('token-2'));
    expect(fleet.requestCount).toBe(2);
  });

  test('tells nobody that the endpoint is well: a token of another process clears no failure of this one', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = undefined;
    const [mine, other] = [fleet.client(), fleet.client()];
    const failing = failure(mine.source.with({ scope: 'a' }).getToken());
    const issued = other.source.with({ scope: 'b' }).getToken();
    await until(() => fleet.requestCount === 2);
    const adopted = mine.source.with({ scope: 'b' }).getToken();
    await until(() => mine.newEvents().includes('store-miss'));
    fleet.server.requests.find(({ form }) => form.get('scope') === 'a')?.answer(unavailable());
    const failed = await failing;
    fleet.server.requests.find(({ form }) => form.get('scope') === 'b')?.answer();
    expect((await adopted).value).toBe((await issued).value);
    expect(await failure(mine.source.with({ scope: 'c' }).getToken())).toBe(failed);
    expect(fleet.requestCount).toBe(2);
  });

  test('renews an expired token once', async () => {
    const fleet = new Fleet();
    const clients = fleet.clients(5);
    await Promise.all(clients.map((client) => client.ask()));
    fleet.advance(2 * hour);
    expect(await Promise.all(clients.map((client) => client.ask()))).toEqual(Array(5).fill('token-2'));
    expect(fleet.requestCount).toBe(2);
  });

  test('does not wait for turns where the server issues tokens that cannot be kept', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = (request) => request.answer({ expires_in: 0 });
    const client = fleet.client();
    await client.ask();
    await until(() => fleet.store.calls.includes('release'));
    const before = fleet.store.calls.length;
    expect([await client.ask(), await client.ask()]).toEqual(['token-2', 'token-3']);
    expect(fleet.store.calls).toHaveLength(before);
    fleet.server.onRequest = (request) => request.answer();
    await client.ask();
    fleet.advance(2 * hour);
    await client.ask();
    expect(fleet.store.calls.length).toBeGreaterThan(before);
  });
});

describe('a refused token', () => {
  test('is renewed once, however many processes saw the refusal', async () => {
    const fleet = new Fleet();
    const clients = fleet.clients(5);
    await Promise.all(clients.map((client) => client.ask()));
    const renewed = clients.map((client) => client.ask({ rejected: 'token-1' }));
    expect(await Promise.all(renewed)).toEqual(Array(5).fill('token-2'));
    expect(fleet.requestCount).toBe(2);
  });

  test('is replaced, for those who learn of it late, by what replaced it for the others', async () => {
    const fleet = new Fleet();
    const [first, second_, third] = [fleet.client(), fleet.client(), fleet.client()];
    for (const client of [first, second_, third]) await client.ask();
    await first.ask({ rejected: 'token-1' });
    fleet.advance(5 * minute);
    expect(await second_.ask({ rejected: 'token-1' })).toBe('token-2');
    expect(await third.ask({ rejected: 'token-1' })).toBe('token-2');
    expect(fleet.requestCount).toBe(2);
  });

  test('is not served to a process that has none and says so', async () => {
    const fleet = new Fleet();
    await fleet.client().ask();
    expect(await fleet.client().ask({ rejected: 'token-1' })).toBe('token-2');
  });

  test('that this process revoked is not taken back from the store', async () => {
    const fleet = new Fleet();
    const client = fleet.client();
    await client.ask();
    await client.source.revoke();
    expect([await client.ask(), await fleet.client().ask()]).toEqual(['token-2', 'token-2']);
  });

  test('is not replaced by one that is older', async () => {
    const fleet = new Fleet();
    await fleet.client().ask();
    const client = fleet.client();
    fleet.store.fault = () => Promise.reject(new Error('down'));
    fleet.advance(10 * minute);
    expect(await client.ask()).toBe('token-2');
    fleet.store.fault = () => undefined;
    expect(await client.ask({ rejected: 'token-2' })).toBe('token-3');
    expect(await fleet.client().ask()).toBe('token-3');
  });
});

describe('a fleet whose store is authentic', () => {
  test('asks a server no more of which three processes report that it gives no token', async () => {
    const fleet = new Fleet({ random: Math.random });
    Object.assign(fleet.store, { authentic: true });
    fleet.server.onRequest = (request) => request.answer(unavailable({ 'retry-after': '60' }));
    const codes: string[] = [];
    for (const client of fleet.clients(3)) codes.push((await failure(client.ask())).code);
    expect([codes, fleet.requestCount]).toEqual([Array(3).fill('ERR_TOKEN_REQUEST'), 3]);
    await until(() => fleet.store.leases.size === 0);
    expect(await failure(fleet.client().ask())).toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      message: expect.stringContaining('other processes report'),
    });
    expect([fleet.requestCount, fleet.store.values.size]).toEqual([3, 1]);
    Object.assign(fleet.store, { authentic: false });
    fleet.server.onRequest = (request) => request.answer();
    expect(await fleet.client().ask()).toBe('token-4');
  });
});

describe('whoever has the lease', () => {
  test('is succeeded when it dies, before anybody loses patience', async () => {
    const fleet = new Fleet({ timeout: 100 * second });
    const client = fleet.client();
    const dead = fleet.client();
    const { onRequest } = fleet.server;
    fleet.server.onRequest = () => {};
    const lost = failure(dead.ask());
    await until(() => fleet.requestCount === 1);
    fleet.server.onRequest = onRequest;
    const asked = client.ask();
    await until(() => fleet.store.calls.filter((call) => call === 'lease').length > 2);
    expect(fleet.requestCount).toBe(1);
    fleet.advance(40 * second);
    expect(await asked).toBe('token-2');
    expect(client.newEvents()).toEqual(['missed', 'store-miss', 'requested', 'acquired']);
    await fleet.server.answer(oauthError('invalid_scope'));
    await lost;
  });

  test('gets there between another look and another lease makes no second request', async () => {
    const fleet = new Fleet();
    const birth = fleet.clock.now();
    const entry = { version: 1, value: 'token-0', type: 'Bearer', birth, lifetime: hour, expires: true };
    fleet.store.fault = (operation, key) => {
      const text = JSON.stringify({ ...entry, key });
      if (operation === 'lease') fleet.store.values.set(key, { text, until: birth + hour });
      return undefined;
    };
    expect([await fleet.client().ask(), fleet.requestCount]).toEqual(['token-0', 0]);
    await until(() => fleet.store.leases.size === 0);
  });

  test('asks for it for two fifths of its time, each time by another name', async () => {
    const fleet = new Fleet({ timeout: 100 * second, random: Math.random });
    const asked: [owner: string, duration: number][] = [];
    const lease = fleet.store.lease.bind(fleet.store);
    fleet.store.lease = (key, owner, duration) => {
      asked.push([owner, duration]);
      return lease(key, owner, duration);
    };
    for (const client of fleet.clients(2))
      for (let count = 0; count < 2; count++) await client.ask({ rejected: `token-${asked.length}` });
    expect(asked.map(([, duration]) => duration)).toEqual(Array(4).fill(40 * second));
    expect(new Set(asked.map(([owner]) => owner)).size).toBe(4);
  });

  test.each([
    [0.02, 13],
    [0.5, 25],
    [0.98, 37],
  ])(
    'is waited for for half as long or half as long again: with a random number of %d, %d ms',
    async (random, wait) => {
      const fleet = new Fleet();
      const clock = timedClock();
      const { calls } = fleet.store;
      fleet.store.fault = (operation) => (operation === 'lease' ? false : undefined);
      const leaving = new AbortController();
      const left = fleet.client({ clock, random: () => random }).ask({ signal: leaving.signal });
      await until(() => calls.includes('lease'));
      await clock.advanceAsync(wait - 1);
      expect(calls).toEqual(['get', 'lease']);
      await clock.advanceAsync(1);
      await until(() => calls.length === 4);
      leaving.abort('gone');
      await expect(left).rejects.toBe('gone');
    },
  );

  test('leaves it to the next when it fails', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = (request) =>
      request.answer(request.token === 'token-1' ? oauthError('invalid_scope') : {});
    const [served, failed] = (await Promise.allSettled(fleet.clients(2).map((client) => client.ask()))).toSorted(
      (a, b) => a.status.localeCompare(b.status),
    );
    expect(served).toMatchObject({ status: 'fulfilled', value: 'token-2' });
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'ERR_OAUTH_RESPONSE' } });
    expect(fleet.requestCount).toBe(2);
  });

  test('leaves it to the next when its callers have left', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = () => {};
    const leaving = new AbortController();
    const left = fleet.client().ask({ signal: leaving.signal });
    await until(() => fleet.requestCount === 1);
    fleet.server.onRequest = (request) => request.answer();
    const next = fleet.client().ask();
    leaving.abort('gone');
    await expect(left).rejects.toBe('gone');
    expect(await next).toBe('token-2');
  });

  test('that holds it for too long is not waited for', async () => {
    const fleet = new Fleet({ timeout: 200 });
    const clock = timedClock();
    const client = fleet.client({ clock });
    fleet.store.fault = (operation) => (operation === 'lease' ? false : undefined);
    const asked = client.ask();
    await until(() => fleet.store.calls.includes('lease'));
    // The rest of the time is for a request of its own.
    while (client.events.length < 3) await clock.advanceAsync(1);
    expect(await asked).toBe('token-1');
    expect(client.events).toMatchObject([
      { type: 'missed' },
      { type: 'store-miss' },
      { type: 'store-failed', operation: 'lease', reason: 'busy' },
      { type: 'requested' },
      { type: 'acquired' },
    ]);
    expect(fleet.store.calls).not.toContain('release');
    // What came of it is shared nevertheless.
    expect(await fleet.client().ask()).toBe('token-1');
  });

  test.each([0.3, 0.5, 0.65, 0.88])('while the endpoint takes %d of the time-out, nobody fails', async (share) => {
    const clock = timedClock();
    const [server, store] = [new HeldServer(), new MemoryStore({ now: clock.now, timeout: hour })];
    server.onRequest = (request) => {
      clock.startTimer(() => request.answer(), share * 10 * second);
    };
    const clients = Array.from({ length: 6 }, (_, index) => {
      const random = (): number => index / 6;
      return new Client({ store: sharedStore(store), timeout: 10 * second, clock, random }, server, clock);
    });
    const outcome = Promise.allSettled(clients.map((client) => client.ask()));
    // The keys of the entries are computed first, which takes real time.
    await until(() => store.calls.filter((call) => call === 'get').length >= clients.length);
    for (let passed = 0; passed < 12 * second; passed += 10) await clock.advanceAsync(10);
    expect((await outcome).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  test('and outstays it does not replace a token that is younger than its own', async () => {
    const fleet = new Fleet();
    fleet.server.onRequest = () => {};
    const slow = fleet.client().ask();
    await until(() => fleet.requestCount === 1);
    fleet.advance(5 * second);
    fleet.server.onRequest = (request) => request.answer();
    expect(await fleet.client().ask()).toBe('token-2');
    await fleet.server.answer();
    expect(await slow).toBe('token-1');
    expect(await fleet.client().ask()).toBe('token-2');
  });

  test('lets go of those who wait for it when they want to leave', async () => {
    const fleet = new Fleet();
    const client = fleet.client();
    fleet.store.fault = (operation) => (operation === 'lease' ? false : undefined);
    const leaving = new AbortController();
    const left = client.ask({ signal: leaving.signal });
    await until(() => fleet.store.calls.includes('lease'));
    leaving.abort('gone');
    await expect(left).rejects.toBe('gone');
    const { length } = fleet.store.calls;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fleet.store.calls).toHaveLength(length);
    expect(client.newEvents()).toEqual(['missed', 'store-miss', 'aborted']);
  });
});
