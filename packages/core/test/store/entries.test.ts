import { expect, test } from '@jest/globals';
import { proofKey, type TokenSourceOptions } from '../../src/index.ts';
import { shownOf } from '../support.ts';
import { minute } from '../test-clock.ts';
import { Fleet } from './fleet.ts';

/** The keys that a client with these options uses. */
async function keysOf(options: Partial<TokenSourceOptions>): Promise<string[]> {
  const fleet = new Fleet();
  fleet.server.onRequest = (request) => request.grant();
  await fleet.client(options).ask();
  return [...fleet.store.values.keys()];
}

const shape = {
  scope: 'write read',
  resource: ['https://a.example.com', 'https://b.example.com'],
  audience: 'orders',
  parameters: { acr: ['1', '2'], tenant: 'x' },
};

test.each<[what: string, options: Partial<TokenSourceOptions>]>([
  ['scope in another order', { scope: ['read', 'write', 'read'] }],
  ['resources in another order', { resource: ['https://b.example.com', 'https://a.example.com'] }],
  ['parameters in another order', { parameters: { tenant: 'x', acr: ['1', '2'] } }],
  ['another secret', { clientSecret: 'rotated' }],
  ['another time limit', { timeout: 5_000 }],
])('a client with its %s shares the token', async (_, options) => {
  expect(await keysOf({ ...shape, ...options })).toEqual(await keysOf(shape));
});

test.each<[what: string, options: Partial<TokenSourceOptions>]>([
  ['server', { tokenEndpoint: 'https://login.example.com/other' }],
  ['identifier', { clientId: 'other' }],
  ['authentication', { clientAuthentication: 'client_secret_basic' }],
  ['scope', { scope: 'read' }],
  ['resource', { resource: 'https://a.example.com' }],
  ['audience', { audience: 'payments' }],
  ['parameter', { parameters: { acr: ['1', '2'], tenant: 'y' } }],
  ['order of the values of a parameter', { parameters: { acr: ['2', '1'], tenant: 'x' } }],
  ['parameter less', { parameters: undefined }],
])('a client with another %s does not', async (_, options) => {
  const [key] = await keysOf({ ...shape, ...options });
  expect([key]).not.toEqual(await keysOf(shape));
});

test('a token that is bound to a key is shared with that key only', async () => {
  const [one, other] = await Promise.all(
    [1, 2].map(() => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])),
  );
  const bound = await keysOf({ dpop: proofKey({ keyPair: one as CryptoKeyPair }) });
  expect(await keysOf({ dpop: proofKey({ keyPair: one as CryptoKeyPair }) })).toEqual(bound);
  expect(await keysOf({ dpop: proofKey({ keyPair: other as CryptoKeyPair }) })).not.toEqual(bound);
  expect(await keysOf({})).not.toEqual(bound);
});

test('a key is a hash, and says nothing', async () => {
  const [key] = await keysOf(shape);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
});

test('no event of a fleet holds a credential', async () => {
  const fleet = new Fleet();
  const clients = fleet.clients(3);
  await Promise.all(clients.map((client) => client.ask()));
  await Promise.all(clients.map((client) => client.ask({ rejected: 'token-1' })));
  fleet.advance(56 * minute);
  await Promise.all(clients.map((client) => client.ask()));
  expect(shownOf(clients.map(({ events }) => events))).not.toMatch(/s3cret|token-\d/);
});

test('an entry is kept by the store for the rest of its life and no longer', async () => {
  const fleet = new Fleet();
  fleet.server.onRequest = (request) => {
    fleet.advance(10 * minute);
    request.answer();
  };
  await fleet.client().ask();
  const [entry] = fleet.store.values.values();
  expect(entry?.until).toBe(fleet.clock.now() + 50 * minute);
});

test('what two sources ask for together is one entry for each set of parameters', async () => {
  const fleet = new Fleet();
  for (const client of fleet.clients(2)) {
    await client.source.with({ scope: 'a' }).getToken();
    await client.source.with({ scope: 'b' }).getToken();
  }
  expect([fleet.requestCount, fleet.store.values.size]).toEqual([2, 2]);
});
