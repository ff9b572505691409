import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import { type ClientTokenSource, createTokenSource, sharedStore, type TokenSourceOptions } from '@tokenline/core';
import { bearerAuth } from '@tokenline/fetch';
import { Telemetry } from './telemetry.ts';

let identity: IdentityServer;
let api: ApiServer;
let telemetry: Telemetry;
beforeAll(async () => {
  identity = await IdentityServer.start();
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
});
afterAll(() => Promise.all([identity.close(), api.close()]));
beforeEach(() => void (telemetry = new Telemetry()));
afterEach(() => telemetry.end());

const source = (options: Partial<TokenSourceOptions> = {}): ClientTokenSource =>
  createTokenSource({ ...identity.client, patience: 0, ...options });

const origin = { 'server.address': '127.0.0.1', 'tokenline.client.id': 'orders' };

test('token requests are counted by their outcome, and timed', async () => {
  await source().getToken();
  await source({ clientSecret: 'wrong' })
    .getToken()
    .catch(() => {});
  const { 'tokenline.acquisitions': acquisitions, 'tokenline.token_request.duration': durations } =
    await telemetry.metrics();
  const outcomes = [
    { ...origin, 'tokenline.outcome': 'acquired' },
    { ...origin, 'tokenline.outcome': 'failed', 'error.type': 'ERR_OAUTH_RESPONSE' },
  ];
  expect(acquisitions?.map(({ attributes, value }) => ({ attributes, value }))).toEqual(
    outcomes.map((attributes) => ({ attributes, value: 1 })),
  );
  expect(durations?.map(({ attributes }) => attributes)).toEqual(outcomes);
  expect(durations?.map(({ value }) => (value as { count: number }).count)).toEqual([1, 1]);
});

test('what is left of the life of each token is a gauge, which is 0 when it is revoked', async () => {
  const tokens = source({ scope: 'orders.read' });
  await tokens.getToken();
  const { 'tokenline.token.expires_in': [point] = [] } = await telemetry.metrics();
  expect(point?.attributes).toEqual({ ...origin, 'tokenline.scope': 'orders.read' });
  expect(point?.value).toBeGreaterThan(3_000);
  expect(point?.value).toBeLessThanOrEqual(3_600);
  await tokens.revoke();
  expect((await telemetry.metrics())['tokenline.token.expires_in']).toMatchObject([{ value: 0 }]);
});

test('refusals, replays and requests that pass are counted', async () => {
  const attached = bearerAuth(fetch, source(), { origins: [api.origin] });
  await attached(`${api.origin}/orders`);
  identity.revokeAll();
  await attached(`${api.origin}/orders`);
  await attached(`${api.origin}/orders`, { headers: { authorization: 'Bearer of-its-own' } });
  const {
    'tokenline.token.refusals': refusals,
    'tokenline.requests.replayed': replayed,
    ...others
  } = await telemetry.metrics();
  expect(refusals).toMatchObject([{ attributes: origin, value: 1 }]);
  expect(replayed).toMatchObject([{ attributes: origin, value: 1 }]);
  expect(others['tokenline.requests.passed']).toMatchObject([
    { attributes: { ...origin, 'tokenline.reason': 'authorization' }, value: 1 },
  ]);
});

test('looks at the store are counted by what came of them', async () => {
  const memory = new MemoryStore();
  const store = sharedStore(memory);
  await source({ store }).getToken();
  await source({ store }).getToken();
  memory.fault = () => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
  await source({ store }).getToken();
  const { 'tokenline.store.operations': operations = [] } = await telemetry.metrics();
  const counted = operations.map(({ attributes, value }) => [
    attributes['tokenline.store.operation'],
    attributes['tokenline.store.result'],
    attributes['error.type'],
    value,
  ]);
  expect(counted).toEqual([
    ['get', 'miss', undefined, 1],
    ['get', 'hit', undefined, 1],
    ['get', 'failed', 'error', expect.any(Number)],
  ]);
});

test('the names of metrics and attributes are those that the README has', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const attached = bearerAuth(fetch, source(), { origins: [api.origin] });
  await attached(`${api.origin}/orders`);
  for (const [name, points] of Object.entries(await telemetry.metrics())) {
    expect(readme).toContain(`\`${name}\``);
    for (const { attributes } of points)
      for (const attribute of Object.keys(attributes)) expect(readme).toContain(`\`${attribute}\``);
  }
});
