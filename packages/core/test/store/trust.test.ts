import { describe, expect, test } from '@jest/globals';
import { proofKey, type ProofKeyOptions } from '../../src/index.ts';
import type { Client } from '../lifecycle/client.ts';
import { hour } from '../test-clock.ts';
import { Fleet, until } from './fleet.ts';

const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);

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
