import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTokenSource, tokenErrorOf } from '@tokenline/core';
import axios from 'axios';
import got, { type Got } from 'got';
import oldestGot from 'got-oldest';
import ky, { type KyInstance } from 'ky';
import oldestKy from 'ky-oldest';
import * as undici from 'undici';
import type { AdapterUnderTest } from '../src/adapter.ts';
import { ApiServer } from '../src/api-server.ts';
import { clientSecret, faults, tokenValue } from '../src/faults.ts';
import { answer, FaultyServer } from '../src/faulty-server.ts';
import { axiosAdapter } from './drivers/axios.ts';
import { fetchAdapter } from './drivers/fetch.ts';
import { gotAdapter } from './drivers/got.ts';
import { ky1, ky2, kyAdapter } from './drivers/ky.ts';
import { undiciAdapter } from './drivers/undici.ts';
import { versionOf } from './drivers/version.ts';

const adapters: readonly AdapterUnderTest[] = [
  axiosAdapter(`axios ${axios.VERSION}`, axios),
  axiosAdapter(`axios ${axios.VERSION} over fetch`, axios, 'fetch'),
  gotAdapter(`got ${versionOf('got')}`, got),
  gotAdapter(`got ${versionOf('got-oldest')}`, oldestGot as unknown as Got),
  kyAdapter(`ky ${versionOf('ky')}`, ky, ky2),
  kyAdapter(`ky ${versionOf('ky-oldest')}`, oldestKy as unknown as KyInstance, ky1),
  fetchAdapter('fetch', fetch),
  undiciAdapter(`undici ${versionOf('undici')}`, undici),
];

const clientId = 'orders';
const encoded = new URLSearchParams([['', clientSecret]]).toString().slice(1);
/** What is in every spelling of what nobody may see. */
const hidden = [
  'Zq7Xw9Kp',
  'Vb4Tn8Rm',
  ...[clientSecret, encodeURIComponent(clientSecret), encoded].map((secret) =>
    Buffer.from(`${clientId}:${secret}`).toString('base64'),
  ),
];

/** All that a log can show of an error and of its causes. */
function shownOf(error: unknown): string {
  const texts = [JSON.stringify(error), inspect(error), inspect(error, { depth: 8, showHidden: true })];
  for (let item = error as Error | undefined; item; item = item.cause as Error | undefined)
    texts.push(String(item), item.message, String(item.stack), JSON.stringify(item));
  return texts.join('\n');
}

describe.each(adapters)('a token endpoint that fails $name', (adapter) => {
  let api: ApiServer;
  let server: FaultyServer;

  beforeEach(async () => {
    [api, server] = await Promise.all([ApiServer.start({ accepts: () => true }), FaultyServer.start()]);
  });
  afterEach(async () => {
    await Promise.all([api.close(), server.close()]);
  });

  /** The error that the user of a client sees, and how long that took. */
  const fail = async (timeout: number, options: object = {}): Promise<{ error: unknown; duration: number }> => {
    const tokenEndpoint = `${server.origin}/connect/token`;
    const source = createTokenSource({ tokenEndpoint, clientId, clientSecret, timeout, ...options });
    const client = adapter.create({ source, baseUrl: api.origin });
    const start = performance.now();
    try {
      const outcome: unknown = await client.request({ url: '/orders' }).catch((error: unknown) => ({ thrown: error }));
      expect(outcome).toHaveProperty('thrown');
      return { error: (outcome as { thrown: unknown }).thrown, duration: performance.now() - start };
    } finally {
      await client.close();
    }
  };
  const expectHarmless = ({ error, duration }: { error: unknown; duration: number }, code: string): void => {
    expect(tokenErrorOf(error)?.code ?? error).toBe(code);
    const shown = shownOf(error);
    for (const secret of hidden) expect(shown).not.toContain(secret);
    expect(api.requests).toEqual([]);
    expect(duration).toBeLessThan(5_000);
  };

  test.each(faults)('with $name: $code', async ({ code, fault, greets, source }) => {
    server.fault = fault;
    if (greets) server.greet = (socket) => socket.resetAndDestroy();
    expectHarmless(await fail(code === 'ERR_TOKEN_TIMEOUT' ? 60 : 4_000, source), code);
  });

  test.each([301, 302, 303, 307, 308])('by a redirect of status %d takes nothing elsewhere', async (status) => {
    server.fault = answer(status, { location: `${api.origin}/connect/token` });
    expectHarmless(await fail(4_000), 'ERR_TOKEN_REQUEST');
  });

  test('and repeats the credentials of a client that uses the header, shows none of them', async () => {
    server.fault = (socket, request) =>
      answer(401, {}, JSON.stringify({ error: 'invalid_client', error_description: request }))(socket, request);
    expectHarmless(await fail(4_000, { clientAuthentication: 'client_secret_basic' }), 'ERR_OAUTH_RESPONSE');
    expect(server.requests.at(-1)).toContain('authorization: Basic ');
  });

  test('by not being there', async () => {
    const gone = await FaultyServer.start();
    await gone.close();
    expectHarmless(await fail(4_000, { tokenEndpoint: `${gone.origin}/token` }), 'ERR_TOKEN_REQUEST');
  });
});

test('every secret of the table is in the answers that are to repeat it', () => {
  expect(hidden).not.toContain(clientSecret);
  expect(encodeURIComponent(clientSecret)).toContain(hidden[0]);
  expect(tokenValue).toContain(hidden[1]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
