import { describe, expect, test } from '@jest/globals';
import { type AccessToken, sharedStore, type TokenEvent } from '../../src/index.ts';
import { type Client, failure } from '../lifecycle/client.ts';
import { misuse, shownOf } from '../support.ts';
import { hour, minute, second, shift, timedClock, untimedClock } from '../test-clock.ts';
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
    const clock = timedClock();
    fleet.store.fault = (operation) => (operation === 'lease' ? never() : undefined);
    const asked = fleet.client({ clock }).ask();
    await until(() => fleet.store.calls.includes('lease'));
    await clock.advanceAsync(20);
    expect(await asked).toBe('token-1');
    expect(fleet.store.calls).toContain('release');
  });
});

const entry = {
  version: 1,
  value: 'token-0',
  type: 'Bearer',
  birth: untimedClock().now(),
  lifetime: hour,
  expires: true,
};

/** A process that finds these fields in the store, of which its entry is made. */
async function finding(fields: object, found: object = {}): Promise<{ client: Client; token: AccessToken }> {
  const fleet = new Fleet();
  fleet.store.fault = (operation, key) =>
    operation === 'get' ? { value: JSON.stringify({ ...entry, key, ...fields }), ...found } : undefined;
  const client = fleet.client();
  return { client, token: await client.source.getToken() };
}

describe('an entry that', () => {
  test.each<[what: string, found: unknown]>([
    ['is empty', ''],
    ['is no JSON', '<h1>Hello</h1>'],
    ['is no object', '[1]'],
    ['is null', 'null'],
    ['is of another version', { version: 2 }],
    ['says of no key that it belongs there', { key: undefined }],
    ['belongs to another key', { key: 'f00d'.repeat(16) }],
    ['has no value', { value: undefined }],
    ['has a value with a line break', { value: 'token-0\r\nx-admin: true' }],
    ['has a value with a NUL', { value: 'token-0\0' }],
    ['has a value that is longer than any header', { value: 'x'.repeat(33 * 1024) }],
    ['has an empty value', { value: '' }],
    ['has a value that is a number', { value: 7 }],
    ['is of a strange type', { type: 'Basic' }],
    ['is bound to a key, while the source has none', { type: 'DPoP' }],
    ['has a scope that is a list', { scope: ['read'] }],
    ['has a scope with a line break', { scope: 'read\nwrite' }],
    ['has a scope that is longer than any header', { scope: 'x'.repeat(33 * 1024) }],
    ['has no birth', { birth: null }],
    ['is born tomorrow', { birth: entry.birth + 25 * hour }],
    ['lives for ever', { lifetime: 1e300 }],
    ['has no lifetime', { lifetime: undefined }],
    ['has a lifetime that is text', { lifetime: '3600' }],
    ['has died before it was born', { lifetime: -1 }],
    ['is to be renewed at a strange time', { refreshIn: 'soon' }],
    ['is to be renewed before it is born', { refreshIn: -1 }],
    ['is long', { padding: ' '.repeat(256 * 1024) }],
  ])('%s is a miss and an event, and is replaced', async (_, found) => {
    const fleet = new Fleet();
    const text = (key: string): string =>
      typeof found === 'string' ? found : JSON.stringify({ ...entry, key, ...(found as object) });
    fleet.store.fault = (operation, key) =>
      operation === 'get' && !fleet.store.calls.includes('set') ? { value: text(key), lifetime: hour } : undefined;
    const client = fleet.client();
    expect(await client.ask()).toBe('token-1');
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'store-failed', reason: 'unreadable' }));
    expect(client.newEvents()).toContain('store-miss');
    expect(await fleet.client().ask()).toBe('token-1');
  });

  test('has none of these flaws is believed', async () => {
    expect((await finding({})).token.value).toBe('token-0');
  });

  test('has more fields than it should says no more than others do', async () => {
    const more = JSON.parse('{"__proto__":{"scope":"admin"},"constructor":{},"toString":1,"admin":true}') as object;
    const { token } = await finding(more);
    expect([token.value, token.scope, Object.keys(token)]).toEqual([
      'token-0',
      undefined,
      ['type', 'expiresAt', 'scope'],
    ]);
  });

  test.each(['3600000', Number.NaN, Infinity, 5n, null, {}])(
    'has a strange rest of its lifetime, %p, is a miss and an event',
    async (lifetime) => {
      const { client, token } = await finding({}, { lifetime });
      expect(token.value).toBe('token-1');
      expect(client.events).toContainEqual(expect.objectContaining({ type: 'store-failed', reason: 'unreadable' }));
    },
  );

  test('is to stay for ever is a miss', async () => {
    expect((await finding({}, { lifetime: -1 })).token.value).toBe('token-1');
  });

  test('says nothing of the rest of its lifetime does not take it from the prototype of all objects', async () => {
    Object.assign(Object.prototype, { lifetime: 1 });
    try {
      expect((await finding({})).token.value).toBe('token-0');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'lifetime');
    }
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
    shift(client.clock, skew);
    expect(await client.ask()).toBe('token-1');
    fleet.advance(30 * minute);
    expect(await client.ask()).toBe('token-2');
  });

  test('a day ahead costs one token request, and the others nothing', async () => {
    const fleet = new Fleet();
    await fleet.client().ask();
    const ahead = fleet.client();
    shift(ahead.clock, 24 * hour);
    await ahead.ask();
    expect([await ahead.ask(), await fleet.client().ask(), fleet.requestCount]).toEqual(['token-2', 'token-2', 2]);
  });

  test.each([
    ['half a minute ahead where the store does not say what is left', true, 29_000, undefined],
    ['a minute ahead where the store does not say what is left', false, minute, undefined],
    ['a minute ahead where the store does', true, minute, hour],
    ['a day ahead where the store does', true, 24 * hour, hour],
    ['more ahead, whatever the store says', false, 24 * hour + 1, hour],
  ])('%s: whether its token is believed (%p)', async (_, believed, ahead, lifetime) => {
    const { token } = await finding({ birth: entry.birth + ahead }, { lifetime });
    expect(token.value).toBe(believed ? 'token-0' : 'token-1');
  });

  test('ahead makes no token older than the one that it is to replace', async () => {
    const fleet = new Fleet();
    const [ahead, behind] = fleet.clients(2) as [Client, Client];
    shift(ahead.clock, 10 * minute);
    shift(behind.clock, -10 * minute);
    expect([await ahead.ask(), await behind.ask()]).toEqual(['token-1', 'token-1']);
    fleet.advance(second);
    expect(await behind.ask({ rejected: 'token-1' })).toBe('token-2');
    expect(await ahead.ask({ rejected: 'token-1' })).toBe('token-2');
    expect(fleet.requestCount).toBe(2);
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

test('a store that is shared can be had again', () => {
  const { store } = new Fleet();
  expect(sharedStore(store).store).toBe(store);
});

test('a store without a timeout of its own does not take that of the prototype of all objects', async () => {
  const { store } = new Fleet();
  const plain = {
    get: (key: string) => store.get(key),
    set: (key: string, value: string, lifetime: number) => store.set(key, value, lifetime),
    lease: (key: string, owner: string, duration: number) => store.lease(key, owner, duration),
    release: (key: string, owner: string) => store.release(key, owner),
  };
  Object.assign(Object.prototype, { timeout: 'evil' });
  try {
    const client = new Fleet().client({ store: sharedStore(plain), timeout: 10_000 });
    expect([await client.ask(), client.newEvents()]).toEqual([
      'token-1',
      ['missed', 'store-miss', 'requested', 'acquired'],
    ]);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'timeout');
  }
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
