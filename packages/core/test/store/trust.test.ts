import { describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, proofKey, type ProofKeyOptions } from '../../src/index.ts';
import { RefusedTokens } from '../../src/fleet/refused-tokens.ts';
import { type Client, failure } from '../lifecycle/client.ts';
import { hour, minute } from '../test-clock.ts';
import { Fleet, until } from './fleet.ts';

const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);

/** A fleet whose store can be set back to what it held: by a replica that lags, a backup, or somebody who may write. */
class ReplayedFleet extends Fleet {
  readonly #kept: [string, string][] = [];

  /** Asks, and keeps what is in the store then. */
  async ask(client: Client, rejected?: string): Promise<string> {
    const value = await client.ask({ rejected });
    await until(() => this.store.leases.size === 0);
    for (const [key, { text }] of this.store.values) this.#kept.push([key, text]);
    return value;
  }

  /** Puts back what the store held first, second, …, as if it had just been stored. */
  putBack(index: number): void {
    const [key = '', text = ''] = this.#kept[index] ?? [];
    this.store.values.set(key, { text, until: this.clock.now() + hour });
  }

  /** Goes on until no process holds a token that it may use, except for those that last an hour. */
  forget(): void {
    this.advance(2 * minute);
  }

  /** The tokens of these numbers last an hour, all others a minute. */
  lastLong(...numbers: number[]): void {
    this.server.onRequest = (request) =>
      request.answer({ expires_in: numbers.some((number) => request.token === `token-${number}`) ? 3600 : 60 });
  }
}

describe('a token that comes back', () => {
  test('is not taken by a process that saw it refused, even if it is the only one that has not expired', async () => {
    const fleet = new ReplayedFleet();
    fleet.lastLong(1);
    const client = fleet.client();
    await fleet.ask(client);
    expect(await fleet.ask(client, 'token-1')).toBe('token-2');
    fleet.forget();
    fleet.putBack(0);
    expect(await client.ask()).toBe('token-3');
  });

  test('is not taken, whichever of several refused ones it is', async () => {
    const fleet = new ReplayedFleet();
    fleet.lastLong(1, 2, 3);
    const client = fleet.client();
    await fleet.ask(client);
    for (const refused of ['token-1', 'token-2', 'token-3']) await fleet.ask(client, refused);
    for (const index of [0, 1, 2]) {
      fleet.forget();
      fleet.putBack(index);
      expect(await client.ask()).toBe(`token-${index + 5}`);
    }
  });

  test('is not taken where a caller reported it that has not got it from this process', async () => {
    const fleet = new ReplayedFleet();
    fleet.lastLong(1);
    await fleet.ask(fleet.client());
    const client = fleet.client();
    expect(await fleet.ask(client, 'token-1')).toBe('token-2');
    fleet.forget();
    fleet.putBack(0);
    expect(await client.ask()).toBe('token-3');
  });

  test('is not taken where its refusal was one too many to be followed by a request at once', async () => {
    const fleet = new ReplayedFleet();
    fleet.lastLong(1, 2, 3, 4);
    const client = fleet.client();
    await fleet.ask(client);
    for (const refused of ['token-1', 'token-2', 'token-3']) await fleet.ask(client, refused);
    expect(await failure(client.ask({ rejected: 'token-4' }))).toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
    expect(fleet.requestCount).toBe(4);
    fleet.advance(56 * minute);
    expect(await client.ask()).toBe('token-4');
    await until(() => fleet.requestCount === 5);
    expect(await client.ask()).toBe('token-5');
    fleet.forget();
    fleet.putBack(3);
    expect(await client.ask()).toBe('token-6');
  });

  test('is not taken after several were revoked', async () => {
    const fleet = new ReplayedFleet();
    const client = fleet.client();
    for (const value of ['token-1', 'token-2']) {
      expect(await fleet.ask(client)).toBe(value);
      await client.source.revoke();
    }
    fleet.putBack(0);
    expect(await client.ask()).toBe('token-3');
  });

  test('is not taken by a source for the same parameters that was made after the revocation', async () => {
    const fleet = new Fleet();
    const { source } = fleet.client();
    const scoped = (): ClientTokenSource => source.with({ scope: 'read' });
    await scoped().getToken();
    await source.revoke();
    expect((await scoped().getToken()).value).toBe('token-2');
  });

  test('is taken by a process that knows no better, which costs one refusal', async () => {
    const fleet = new ReplayedFleet();
    const client = fleet.client();
    await fleet.ask(client);
    await fleet.ask(client, 'token-1');
    fleet.putBack(0);
    const late = fleet.client();
    expect([await fleet.ask(late), await fleet.ask(late, 'token-1'), fleet.requestCount]).toEqual([
      'token-1',
      'token-3',
      3,
    ]);
  });
});

test('of the tokens that were refused, the latest thousand are remembered', async () => {
  const refused = new RefusedTokens();
  for (let number = 0; number <= 1_000; number++) refused.add(`token-${number}`);
  refused.add('token-1');
  refused.add('token-1001');
  const remembered = ['token-0', 'token-1', 'token-2', 'token-3', 'token-1001', 'other'].map((value) =>
    refused.has(value),
  );
  expect(await Promise.all(remembered)).toEqual([false, true, false, true, true, false]);
});

/** A process that finds a token of this type in the store, and whose source has a key. */
async function finding(type: string, options?: ProofKeyOptions): Promise<Client> {
  const fleet = new Fleet({ dpop: proofKey({ keyPair, ...options }) });
  fleet.server.onRequest = (request) => request.answer({ token_type: 'DPoP' });
  await fleet.client().ask();
  const [{ text = '' } = {}] = fleet.store.values.values();
  const value = JSON.stringify({ ...(JSON.parse(text) as object), type });
  fleet.store.fault = (operation) => (operation === 'get' && fleet.requestCount === 1 ? { value } : undefined);
  return fleet.client();
}

describe('the type of a token', () => {
  test('is that of the request', async () => {
    const client = await finding('DPoP', { required: true });
    expect(await client.source.getToken()).toMatchObject({ value: 'token-1', type: 'DPoP' });
    expect(client.newEvents()).toEqual(['missed', 'store-hit']);
  });

  test('is Bearer where the source makes do with that, and then it is an event, as it is for a token of its own', async () => {
    const client = await finding('Bearer');
    expect(await client.source.getToken()).toMatchObject({ value: 'token-1', type: 'Bearer' });
    expect(client.newEvents()).toEqual(['missed', 'unbound', 'store-hit']);
  });

  test('is not Bearer where a key is required', async () => {
    const client = await finding('Bearer', { required: true });
    expect(await client.source.getToken()).toMatchObject({ value: 'token-2', type: 'DPoP' });
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'store-failed', reason: 'unreadable' }));
  });
});

test('a token that is too long for any header is not stored, and nobody waits for it', async () => {
  const fleet = new Fleet();
  fleet.server.onRequest = (request) => request.answer({ access_token: 'x'.repeat(33 * 1024), expires_in: 60 });
  const client = fleet.client();
  await client.ask();
  await until(() => fleet.store.calls.includes('release'));
  const calls = fleet.store.calls.length;
  fleet.advance(hour);
  await client.ask();
  expect([fleet.store.values.size, fleet.store.calls.length - calls]).toEqual([0, 0]);
});
