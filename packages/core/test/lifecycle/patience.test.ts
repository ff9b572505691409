import { describe, expect, test } from '@jest/globals';
import { hour, second } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate } from './client.ts';
import { oauthError, type Reply, settle, unavailable, unreachable } from './fake-server.ts';

/** A client whose server gives these answers, one after another, and tokens after that. Its clock runs with real time. */
function troubled(replies: readonly (() => Reply)[], options: object = {}): Client {
  const client = new Client({ patience: 10 * second, clock: undefined, random: () => 0, ...options });
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
    expect(new Set(await Promise.all(client.askTimes(10)))).toEqual(new Set(['token-3']));
    expect(client.requestCount).toBe(3);
  });

  test('who comes while the endpoint is left alone waits as well', async () => {
    const client = troubled([unavailable]);
    const first = client.ask();
    await settle();
    expect(await Promise.all([first, ...client.askTimes(3)])).toEqual(Array(4).fill('token-2'));
  });

  test('a token that expires meanwhile is no reason to give up', async () => {
    const client = await clientWithToken({}, { patience: 10 * second });
    client.clock.advance(hour);
    client.server.onRequest = (request) => request.answer(client.requestCount === 2 ? unavailable() : {});
    const asked = client.ask();
    await settle();
    client.clock.advance(second);
    expect(await asked).toBe('token-3');
  });
});

test('what is waited for is not evicted: its failures are remembered', async () => {
  const client = troubled(Array(4).fill(unavailable), { maxCachedTokens: 1 });
  const others = ['a', 'b', 'c', 'a', 'b', 'c'].map((scope) => client.source.with({ scope }).getToken());
  await Promise.all(others);
  expect(client.requestCount).toBeLessThanOrEqual(8);
});

test('a failure after a long silence is no outage: it is waited for', async () => {
  const client = await clientWithToken({}, { patience: 10 * second });
  client.clock.advance(hour - 10 * second);
  client.server.onRequest = (request) => request.answer(client.requestCount % 2 === 0 ? unavailable() : {});
  await client.ask();
  await settle();
  client.clock.advance(5 * hour);
  client.server.onRequest = (request) => request.answer(client.requestCount === 3 ? unavailable() : {});
  const asked = client.ask();
  await settle();
  client.clock.advance(second);
  expect(await asked).toBe('token-4');
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
    const client = troubled(Array(9).fill(unavailable), { patience: 400 });
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status: 503 });
    expect(client.requestCount).toBe(2);
  });

  test('for an endpoint that has been failing for longer than that', async () => {
    const client = new Client({ patience: 10 * second });
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
    const client = await clientWithToken({}, { patience: 10 * second });
    client.server.onRequest = (request) => request.answer(unavailable());
    client.clock.advance(hour - second);
    expect(await client.ask()).toBe('token-1');
    expect(await failure(client.ask({ rejected: 'token-1' }))).toMatchObject({ status: 503 });
  });
});
