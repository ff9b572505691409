import { channel, tracingChannel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

test('each operation on the store is counted by what came of it', async () => {
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
  expect(counted).toEqual(
    expect.arrayContaining([
      ['get', 'miss', undefined, 2],
      ['lease', 'granted', undefined, 1],
      ['set', 'done', undefined, 1],
      ['release', 'done', undefined, 1],
      ['get', 'hit', undefined, 1],
      ['get', 'failed', 'error', expect.any(Number)],
    ]),
  );
});

const tell = (more: object): void => channel('tokenline').publish({ type: 'rejected', time: Date.now(), ...more });

describe('attributes are bounded by the package itself', () => {
  test('in length', async () => {
    tell({ clientId: 'x'.repeat(100_000), server: `https://${'y'.repeat(100_000)}/`, key: 'z'.repeat(201) });
    const { 'tokenline.token.refusals': [point] = [] } = await telemetry.metrics();
    for (const value of Object.values(point?.attributes ?? {})) expect(String(value)).toHaveLength(200);
    expect(Object.keys(point?.attributes ?? {})).toHaveLength(3);
  });

  test('in number: what is one too many has a series in common', async () => {
    for (let tenant = 0; tenant < 1_100; tenant++) tell({ clientId: `tenant-${tenant}` });
    tell({ clientId: 'tenant-0' });
    const { 'tokenline.token.refusals': points = [] } = await telemetry.metrics();
    expect(points).toHaveLength(1_001);
    expect(points[0]).toMatchObject({ attributes: { 'tokenline.client.id': 'tenant-0' }, value: 2 });
    expect(points.at(-1)).toMatchObject({ attributes: { 'otel.metric.overflow': true }, value: 100 });
  });

  test('in the text of a span', async () => {
    const trace = { acquisition: 1e9, background: false, scope: 's'.repeat(1_000), clientId: 'orders' };
    const event = { type: 'failed', code: `ERR_${'X'.repeat(1_000)}` };
    const failing = async (): Promise<void> => {
      Object.assign(trace, { event });
      throw new Error('m'.repeat(1_000));
    };
    await tracingChannel('tokenline:acquire')
      .tracePromise(failing, trace)
      .catch(() => {});
    const { attributes, status } = telemetry.span('tokenline.acquire');
    for (const text of [attributes['tokenline.scope'], attributes['error.type'], status.message])
      expect(text).toHaveLength(200);
  });
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
