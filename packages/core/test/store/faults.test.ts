import { describe, expect, test } from '@jest/globals';
import { sharedStore, type TokenEvent } from '../../src/index.ts';
import { failure } from '../lifecycle/client.ts';
import { misuse, shownOf } from '../support.ts';
import { hour, minute, TestClock } from '../test-clock.ts';
import { Fleet, never, until } from './fleet.ts';

const operations = ['get', 'set', 'lease', 'release'] as const;
const faults: [what: string, reason: string, fault: () => unknown][] = [
  ['fails', 'error', () => Promise.reject(Object.assign(new Error('token-1 s3cret'), { code: 'ECONNREFUSED' }))],
  ['does not answer', 'timeout', never],
  [
    'throws',
    'error',
    () => {
      throw new TypeError('token-1 s3cret');
    },
  ],
];
const cases = operations.flatMap((operation) =>
  faults.map(([what, reason, fault]) => [operation, what, reason, fault] as const),
);

describe('a store', () => {
  test.each(cases)('whose %s %s fails no request', async (faulty, _, reason, fault) => {
    const fleet = new Fleet({}, { timeout: 200 });
    fleet.store.fault = (operation) => (operation === faulty ? fault() : undefined);
    const clients = fleet.clients(3);
    await Promise.all(clients.map((client) => client.ask()));
    const failures = (): TokenEvent[] =>
      clients.flatMap(({ events }) => events.filter(({ type }) => type === 'store-failed'));
    await until(() => failures().some((event) => 'operation' in event && event.operation === faulty));
    expect(failures()).toContainEqual(expect.objectContaining({ operation: faulty, reason }));
    expect(shownOf(failures())).not.toMatch(/s3cret|token-\d/);
  });

  test('that failed is asked again for the next token', async () => {
    const fleet = new Fleet();
    fleet.store.fault = () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' }));
    const clients = fleet.clients(2);
    await Promise.all(clients.map((client) => client.ask()));
    expect(fleet.requestCount).toBe(2);
    expect(clients[0]?.events).toMatchObject([
      { type: 'missed' },
      { type: 'store-failed', operation: 'get', reason: 'error', code: 'ECONNREFUSED' },
      { type: 'requested' },
      { type: 'acquired' },
    ]);
    fleet.store.fault = () => undefined;
    fleet.advance(2 * hour);
    expect(await Promise.all(clients.map((client) => client.ask()))).toEqual(['token-3', 'token-3']);
  });

  test('is given half a second where it does not say otherwise', async () => {
    const fleet = new Fleet({}, {});
    fleet.store.fault = never;
    const start = performance.now();
    await fleet.client().ask();
    expect(performance.now() - start).toBeGreaterThan(490);
  });

  test('that does not answer is left in time when nobody waits any more', async () => {
    const fleet = new Fleet();
    fleet.store.fault = never;
    const leaving = new AbortController();
    const client = fleet.client();
    const left = client.ask({ signal: leaving.signal });
    await until(() => fleet.store.calls.length === 1);
    leaving.abort('gone');
    await expect(left).rejects.toBe('gone');
    await until(() => client.events.length > 1);
    expect(client.newEvents()).toEqual(['missed', 'aborted']);
  });

  test('that does not answer does not shorten what a failure of the server is told by', async () => {
    const fleet = new Fleet({ timeout: 300 });
    fleet.store.fault = never;
    fleet.server.onRequest = () => {};
    expect((await failure(fleet.client().ask())).code).toBe('ERR_TOKEN_TIMEOUT');
    expect(fleet.requestCount).toBe(1);
  });

  test('gives back a lease that it may have given after all', async () => {
    const fleet = new Fleet({}, { timeout: 20 });
    fleet.store.fault = (operation) => (operation === 'lease' ? never() : undefined);
    await fleet.client().ask();
    await until(() => fleet.store.calls.includes('release'));
  });
});

const entry = {
  version: 1,
  value: 'token-0',
  type: 'Bearer',
  birth: new TestClock().now(),
  lifetime: hour,
  expires: true,
};

describe('an entry that', () => {
  test.each<[what: string, found: unknown]>([
    ['is empty', ''],
    ['is no JSON', '<h1>Hello</h1>'],
    ['is no object', '[1]'],
    ['is null', 'null'],
    ['is of another version', { ...entry, version: 2 }],
    ['has no value', { ...entry, value: undefined }],
    ['has a value with a line break', { ...entry, value: 'token-0\r\nx-admin: true' }],
    ['has an empty value', { ...entry, value: '' }],
    ['has a value that is a number', { ...entry, value: 7 }],
    ['is of a strange type', { ...entry, type: 'Basic' }],
    ['has a scope that is a list', { ...entry, scope: ['read'] }],
    ['has no birth', { ...entry, birth: null }],
    ['lives for ever', { ...entry, lifetime: 1e300 }],
    ['has no lifetime', { ...entry, lifetime: undefined }],
    ['has a lifetime that is text', { ...entry, lifetime: '3600' }],
    ['has died before it was born', { ...entry, lifetime: -1 }],
    ['is to be renewed at a strange time', { ...entry, refreshIn: 'soon' }],
  ])('%s is a miss and an event, and is replaced', async (_, found) => {
    const fleet = new Fleet();
    const text = typeof found === 'string' ? found : JSON.stringify(found);
    fleet.store.fault = (operation) =>
      operation === 'get' && !fleet.store.calls.includes('set') ? { value: text } : undefined;
    const client = fleet.client();
    expect(await client.ask()).toBe('token-1');
    expect(client.newEvents()).toContain('store-miss');
    expect(await fleet.client().ask()).toBe('token-1');
  });

  test.each([null, 7, 'text', {}, { value: 7 }])('is no entry at all (%p) is one, too', async (found) => {
    const fleet = new Fleet();
    fleet.store.fault = (operation) => (operation === 'get' ? found : undefined);
    const client = fleet.client();
    expect(await client.ask()).toBe('token-1');
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'store-failed', reason: 'unreadable' }));
  });

  test('the store cannot read is one, too, and the processes still take turns', async () => {
    const fleet = new Fleet();
    fleet.store.fault = (operation) =>
      operation === 'get' && !fleet.store.calls.includes('set')
        ? Promise.reject(Object.assign(new Error(), { code: 'ERR_STORE_ENTRY' }))
        : undefined;
    const clients = fleet.clients(5);
    expect(await Promise.all(clients.map((client) => client.ask()))).toEqual(Array(5).fill('token-1'));
    // Whoever looks first: the others may come when there is an entry that can be read.
    expect(clients.flatMap(({ events }) => events)).toContainEqual(
      expect.objectContaining({
        type: 'store-failed',
        operation: 'get',
        reason: 'unreadable',
        code: 'ERR_STORE_ENTRY',
      }),
    );
  });
});

describe('a clock that is', () => {
  test.each([-10 * minute, 10 * minute])('%i ms off makes no token live longer than it does', async (skew) => {
    const fleet = new Fleet();
    await fleet.client().ask();
    fleet.advance(30 * minute);
    const client = fleet.client();
    client.clock.set(skew);
    expect(await client.ask()).toBe('token-1');
    fleet.advance(30 * minute);
    expect(await client.ask()).toBe('token-2');
  });

  test('a day ahead costs one token request, and the others nothing', async () => {
    const fleet = new Fleet();
    await fleet.client().ask();
    const ahead = fleet.client();
    ahead.clock.set(24 * hour);
    await ahead.ask();
    expect([await ahead.ask(), await fleet.client().ask(), fleet.requestCount]).toEqual(['token-2', 'token-2', 2]);
  });

  test('a little behind is allowed for where the store does not say what is left', async () => {
    const fleet = new Fleet();
    await fleet.client().ask();
    const { text: value } = [...fleet.store.values.values()][0] ?? { text: '' };
    fleet.store.fault = (operation) => (operation === 'get' ? { value } : undefined);
    fleet.advance(hour - 29_000);
    expect(await fleet.client().ask()).toBe('token-2');
  });
});

describe('misuse', () => {
  test.each<[what: string, store: unknown]>([
    ['nothing', null],
    ['a text', 'redis://localhost'],
    ['a Map', new Map()],
    ['a store without leases', { get() {}, set() {} }],
    ['a store with an odd timeout', { get() {}, set() {}, lease() {}, release() {}, timeout: '500' }],
  ])('%s is no store that can be shared', (_, store) => {
    expect(misuse(() => sharedStore(store as never))).toContain('store');
  });

  test.each<[what: string, store: unknown]>([
    ['nothing', null],
    ['a text', 'redis://localhost'],
    ['a store that is not shared yet', new Fleet().store],
  ])('%s as the option store is refused, with what to pass', (_, store) => {
    expect(misuse(() => new Fleet().client({ store: store as never }))).toBe(
      'store must be what redisStore() or sharedStore(yourStore) returns',
    );
  });
});
