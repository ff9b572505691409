import { describe, expect, test } from '@jest/globals';
import { hour, second, timedClock } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate, tally } from './client.ts';
import { HeldServer, oauthError, type Reply, settle, unavailable, unreachable } from './held-server.ts';

const patience = 10 * second;

/** A client whose server gives these answers, one after another, and tokens after that. */
function troubled(replies: readonly (() => Reply)[], options: object = {}): Client {
  const client = new Client({ patience, random: () => 0, ...options }, new HeldServer(), timedClock());
  const left = [...replies];
  client.server.onRequest = (request) => request.answer(left.shift()?.() ?? {});
  return client;
}

describe('callers without a usable token wait through transient failures:', () => {
  test.each<[string, () => Reply]>([
    ['a reset', unreachable],
    ['a 503', unavailable],
    ['a 429', () => unavailable({}, 429)],
    ['an error of OAuth that passes by itself', () => oauthError('temporarily_unavailable')],
  ])('%s at a cold start delays ten callers, and fails none', async (_, reply) => {
    const client = troubled([reply, reply]);
    const asked = client.askTimes(10);
    await client.clock.advanceAsync(2 * second);
    expect(await tally(asked)).toEqual({ 'token-3': 10 });
    expect(client.requestCount).toBe(3);
  });

  test('who comes while the endpoint is left alone waits as well', async () => {
    const client = troubled([unavailable]);
    const first = client.ask();
    await settle();
    const asked = [first, ...client.askTimes(3)];
    expect(await tally(asked)).toEqual({ waits: 4 });
    await client.clock.advanceAsync(second);
    expect(await tally(asked)).toEqual({ 'token-2': 4 });
  });

  test('a token that expires meanwhile is no reason to give up', async () => {
    const client = await clientWithToken({}, { patience }, { clock: timedClock() });
    client.clock.advance(hour);
    client.server.onRequest = (request) => request.answer(client.requestCount === 2 ? unavailable() : {});
    const asked = client.ask();
    await client.clock.advanceAsync(second);
    expect(await fate(asked)).toBe('token-3');
  });
});

test('what is waited for is not evicted: its failures are remembered', async () => {
  const client = troubled(Array(4).fill(unavailable), { maxCachedTokens: 1 });
  const others = ['a', 'b', 'c', 'a', 'b', 'c'].map((scope) => client.source.with({ scope }).getToken());
  await client.clock.advanceAsync(patience);
  await Promise.all(others);
  expect(client.requestCount).toBeLessThanOrEqual(8);
});

test('a failure after a long silence is no outage: it is waited for', async () => {
  const client = await clientWithToken({}, { patience }, { clock: timedClock() });
  client.clock.advance(hour - 10 * second);
  client.server.onRequest = (request) => request.answer(client.requestCount % 2 === 0 ? unavailable() : {});
  await client.ask();
  await settle();
  client.clock.advance(5 * hour);
  client.server.onRequest = (request) => request.answer(client.requestCount === 3 ? unavailable() : {});
  const asked = client.ask();
  await client.clock.advanceAsync(second);
  expect(await fate(asked)).toBe('token-4');
});

describe('callers do not wait', () => {
  test.each<[string, () => Reply]>([
    ['what somebody has to put right', () => oauthError('invalid_client')],
    ['an answer that is no token', () => new Response('<p>')],
  ])('for %s', async (_, reply) => {
    const client = troubled([reply]);
    expect(await failure(client.ask())).toMatchObject({ transient: false });
    expect(client.requestCount).toBe(1);
  });

  test('longer than their patience: they fail with the last error', async () => {
    const client = troubled(Array(99).fill(unavailable));
    const asked = client.ask();
    await client.clock.advanceAsync(patience - 1);
    expect(await fate(asked)).toBe('waits');
    await client.clock.advanceAsync(1);
    expect(await failure(asked)).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status: 503 });
    expect(client.requestCount).toBe(8);
  });

  test('for an endpoint that has been failing for longer than that', async () => {
    const client = new Client({ patience });
    client.server.onRequest = (request) => request.answer(unavailable());
    const left = new AbortController();
    const asked = client.ask({ signal: left.signal }).catch(String);
    await settle();
    client.clock.advance(11 * second);
    expect(await fate(client.ask())).toBe('ERR_TOKEN_REQUEST');
    left.abort('left');
    expect(await asked).toBe('left');
  });

  test('once their signal says so', async () => {
    const client = troubled(Array(9).fill(unavailable));
    const controller = new AbortController();
    const asked = client.ask({ signal: controller.signal });
    await settle();
    controller.abort('enough');
    await expect(asked).rejects.toBe('enough');
  });

  test('for a server that wants to be left alone for longer than they have', async () => {
    const client = troubled([() => unavailable({ 'retry-after': '60' })]);
    expect(await failure(client.ask())).toMatchObject({ retryAfter: 60 * second });
    expect(client.requestCount).toBe(1);
  });

  test('once the source is disposed of, which ends at once', async () => {
    const client = troubled(Array(9).fill(unavailable));
    const asked = client.askTimes(3).map(failure);
    await settle();
    await client.source[Symbol.asyncDispose]();
    for (const { message } of await Promise.all(asked)) expect(message).toContain('disposed');
    expect(client.requestCount).toBe(1);
  });

  test('while they have a token', async () => {
    const client = await clientWithToken({}, { patience });
    client.server.onRequest = (request) => request.answer(unavailable());
    client.clock.advance(hour - second);
    expect(await client.ask()).toBe('token-1');
    expect(await failure(client.ask({ rejected: 'token-1' }))).toMatchObject({ status: 503 });
  });
});
