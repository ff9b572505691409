import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createCustomTokenSource } from '../../src/index.ts';
import { minute, second } from '../test-clock.ts';
import { Client, clientWithToken, fate, tally } from './client.ts';
import { HeldServer, settle } from './held-server.ts';

// Some runtimes end what a request started when the request ends: neither the answer nor the time-out ever comes.
const withoutTimers = (): void => {
  jest.spyOn(globalThis, 'setTimeout').mockReturnValue(undefined as never);
};
const withTimers = (): void => {
  jest.restoreAllMocks();
};
afterEach(withTimers);

/** A client with an ageing token, whose renewal was started by a request that has ended. */
async function clientWithLostRenewal(timeout = 10 * second): Promise<Client> {
  const client = await clientWithToken(
    {},
    { timeout, expiryMargin: 0 },
    { server: new HeldServer({ heedsSignals: false }) },
  );
  client.clock.advance(60 * minute - 1);
  withoutTimers();
  expect(await client.ask()).toBe('token-1');
  await settle();
  withTimers();
  expect(client.requestCount).toBe(2);
  return client;
}

describe('a renewal that was lost with the request that started it', () => {
  test('is replaced when it is older than the timeout', async () => {
    const client = await clientWithLostRenewal();
    client.clock.advance(10 * second + 1);
    const asked = client.askTimes(100);
    expect(await tally(asked)).toEqual({ waits: 100 });
    expect(client.requestCount).toBe(3);
    client.server.requests[2]?.answer();
    await settle();
    expect(await tally(asked)).toEqual({ 'token-3': 100 });
  });

  test('is joined until it is that old', async () => {
    const client = await clientWithLostRenewal();
    client.clock.advance(10 * second);
    const asked = client.ask();
    expect(await fate(asked)).toBe('waits');
    expect(client.requestCount).toBe(2);
    client.server.requests[1]?.answer();
    expect(await asked).toBe('token-2');
  });

  test('is replaced by the callers who wait for it, with one request, when its time is over', async () => {
    const client = await clientWithLostRenewal(20);
    client.clock.advance(1);
    client.server.onRequest = (request) => request.answer();
    const asked = client.askTimes(100);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['token-3']));
    expect(client.requestCount).toBe(3);
  });

  test('keeps a token ageing in use, and is replaced in the background', async () => {
    const client = await clientWithToken({}, {}, { server: new HeldServer({ heedsSignals: false }) });
    client.clock.advance(56 * minute);
    withoutTimers();
    await client.ask();
    await settle();
    withTimers();
    client.clock.advance(11 * second);
    expect(await client.ask()).toBe('token-1');
    await settle();
    expect(client.requestCount).toBe(3);
    client.server.requests[2]?.answer();
    await settle();
    expect(await client.ask()).toBe('token-3');
  });

  test('does not overwrite what replaced it, should it come back after all', async () => {
    const client = await clientWithLostRenewal();
    client.clock.advance(10 * second);
    const early = client.ask();
    await settle();
    client.clock.advance(1);
    const asked = client.ask();
    await settle();
    client.server.requests[2]?.answer();
    expect(await asked).toBe('token-3');
    client.server.requests[1]?.answer();
    expect(await early).toBe('token-3');
    expect(await client.ask()).toBe('token-3');
  });

  test('does not keep a source from being disposed of', async () => {
    const client = await clientWithLostRenewal(20);
    await client.source[Symbol.asyncDispose]();
    expect(await fate(client.ask())).toBe('ERR_TOKEN_REQUEST');
  });

  test('does not keep a token from being revoked', async () => {
    const client = await clientWithLostRenewal(20);
    await client.source.revoke();
    expect(client.newEvents()).toContain('revoked');
  });
});

describe('waitUntil', () => {
  test('is told of each token request, with a promise that never rejects', async () => {
    const told: Promise<unknown>[] = [];
    const client = new Client({ waitUntil: (renewal) => void told.push(renewal) });
    const asked = client.askTimes(10);
    for (const each of asked) each.catch(() => {});
    await client.server.answer(new Response(null, { status: 500 }));
    expect(await tally(asked)).toEqual({ ERR_TOKEN_REQUEST: 10 });
    expect(told).toHaveLength(1);
    await expect(told[0]).resolves.toBeUndefined();
  });

  test('is told of a renewal in the background', async () => {
    const told: Promise<unknown>[] = [];
    const client = await clientWithToken({}, { waitUntil: (renewal) => void told.push(renewal) });
    client.clock.advance(56 * minute);
    await client.ask();
    expect(told).toHaveLength(2);
    await client.server.answer();
    await told[1];
    expect(await client.ask()).toBe('token-2');
  });

  test('serves a custom source as well, and may throw where there is no request', async () => {
    const waitUntil = jest.fn(() => {
      throw new Error('outside of a request');
    });
    const source = createCustomTokenSource({ acquire: () => ({ value: 'token' }), waitUntil });
    expect(await source.getToken()).toMatchObject({ value: 'token' });
    expect(waitUntil).toHaveBeenCalledTimes(1);
  });

  test('must be a function', () => {
    expect(() => new Client({ waitUntil: true as never })).toThrow('waitUntil must be a function');
  });
});
