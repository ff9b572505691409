import { describe, expect, test } from '@jest/globals';
import { hour, minute } from '../test-clock.ts';
import { Client, clientWithToken, fate, tally } from './client.ts';
import { unreachable } from './held-server.ts';

describe('callers who come together share one token request', () => {
  test('1,000 callers with no token', async () => {
    const client = new Client();
    const asked = client.askTimes(1_000);
    expect(await tally(asked)).toEqual({ waits: 1_000 });
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-1': 1_000 });
    expect(client.requestCount).toBe(1);
  });

  test('1,000 callers with an expired token', async () => {
    const client = await clientWithToken();
    client.clock.advance(hour);
    const asked = client.askTimes(1_000);
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-2': 1_000 });
    expect(client.requestCount).toBe(2);
  });

  test('500 callers with a rejected token', async () => {
    const client = await clientWithToken();
    const asked = client.askTimes(500, { rejected: 'token-1' });
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-2': 500 });
    expect(client.requestCount).toBe(2);
  });

  test('a mixture of callers whose token was rejected and of others, none of whom gets the rejected token', async () => {
    const client = await clientWithToken();
    const asked = Array.from({ length: 500 }, () => [client.ask({ rejected: 'token-1' }), client.ask()]).flat();
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-2': 1_000 });
    expect(client.requestCount).toBe(2);
  });

  test('callers who come while the request is under way', async () => {
    const client = new Client();
    const asked = [client.ask()];
    while (asked.length < 100) {
      expect(await fate(client.ask())).toBe('waits');
      asked.push(client.ask());
      client.clock.advance(10);
    }
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-1': 100 });
    expect(client.requestCount).toBe(1);
  });
});

test('500 callers whose 401s arrive over half a second cost one token request', async () => {
  const client = await clientWithToken();
  const asked: Promise<string>[] = [];
  client.server.onRequest = (request) => request.answer();
  while (asked.length < 500) {
    asked.push(client.ask({ rejected: 'token-1' }));
    await fate(client.ask());
    client.clock.advance(1);
  }
  expect(await tally(asked)).toEqual({ 'token-2': 500 });
  expect(client.requestCount).toBe(2);
});

test('a 401 for a token that was replaced long ago costs nothing', async () => {
  const client = await clientWithToken();
  client.clock.advance(56 * minute);
  expect(await client.ask()).toBe('token-1');
  await client.server.answer();
  expect(await client.ask({ rejected: 'token-1' })).toBe('token-2');
  expect(client.requestCount).toBe(2);
});

test('when the one token request fails, all who waited for it learn why, and the next caller may succeed', async () => {
  const client = new Client();
  const asked = client.askTimes(1_000);
  await client.server.answer(unreachable);
  expect(await tally(asked)).toEqual({ ERR_TOKEN_REQUEST: 1_000 });
  expect(client.requestCount).toBe(1);

  client.clock.advance(minute);
  const next = client.ask();
  await client.server.answer();
  expect(await next).toBe('token-2');
});

test('a token is one object for all, resolved once', async () => {
  const { source } = await clientWithToken();
  expect(source.getToken()).toBe(source.getToken());
  expect(await source.getToken()).toBe(await source.getToken());
});
