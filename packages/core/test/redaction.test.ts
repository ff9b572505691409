import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { accessToken } from '../src/common/access-token.ts';
import { type TokenEvent } from '../src/index.ts';
import { Authorizer } from '../src/adapter.ts';
import {
  answerTokenRequests,
  clientId,
  clientSecret,
  expectNoSecretIn,
  failureOf,
  source,
  token,
  tokenEndpoint,
  tokenValue,
} from './support.ts';
import { untimedClock } from './test-clock.ts';

describe('an access token', () => {
  const secret = accessToken({ value: tokenValue, type: 'Bearer', expiresAt: 1, scope: 'a' });

  test('gives its value to whoever asks for it by name', () => {
    expect(secret.value).toBe(tokenValue);
    expect(secret).toMatchObject({ type: 'Bearer', expiresAt: 1, scope: 'a' });
  });

  test('shows all but its value', () => {
    expectNoSecretIn(secret);
    expectNoSecretIn({ tokens: [secret] });
    expect(JSON.parse(JSON.stringify(secret))).toEqual({ type: 'Bearer', expiresAt: 1, scope: 'a' });
    expect(inspect(secret)).toContain('[redacted]');
  });

  test('is redacted as text, and in a copy', () => {
    // oxlint-disable-next-line typescript/no-base-to-string -- What a careless log line does.
    expect(String(secret)).toBe('Bearer [redacted]');
    expectNoSecretIn({ ...secret });
    expectNoSecretIn(structuredClone(secret));
    expect(Object.entries(secret).flat()).not.toContain(tokenValue);
  });

  test('cannot be changed', () => {
    expect(() => Object.assign(secret, { value: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(secret, { expiresAt: 2 })).toThrow(TypeError);
  });
});

describe('a token source', () => {
  test('shows neither its secret nor its token', async () => {
    answerTokenRequests();
    const running = source({ clientAuthentication: 'client_secret_basic' });
    await running.getToken();
    expectNoSecretIn(running);
    expectNoSecretIn(running.with({ scope: 'a' }));
  });
});

describe('an attempt of a request', () => {
  test('shows no token, though an error may hold it', async () => {
    answerTokenRequests();
    const attempt = await new Authorizer(source(), 'https://api.example.com').authorize({
      url: 'https://api.example.com/',
    });
    expect(attempt?.headers['authorization']).toBe(`Bearer ${tokenValue}`);
    expectNoSecretIn(attempt);
    expectNoSecretIn(Object.assign(new Error('401'), { attempt }));
  });
});

describe('events', () => {
  const events = channel('tokenline');
  const published: unknown[] = [];
  const subscriber = (event: unknown): unknown => published.push(event);
  afterEach(() => {
    events.unsubscribe(subscriber);
    published.length = 0;
  });

  test('tell what happened without a credential, to onEvent and to the diagnostics channel', async () => {
    const heard: TokenEvent[] = [];
    const clock = untimedClock();
    answerTokenRequests(
      token({ expires_in: 100 }),
      { status: 400, body: { error: 'invalid_client', error_description: clientSecret } },
      token({ access_token: 'another' }),
    );
    events.subscribe(subscriber);
    const running = source({ scope: 'b a', clock, onEvent: (event) => heard.push(event) });
    await Promise.all([running.getToken(), running.getToken()]);
    await running.getToken();
    await failureOf(running.getToken({ rejected: tokenValue }));
    clock.advance(60_000);
    await running.getToken({ rejected: tokenValue });
    expect(heard.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['missed', 'joined', 'requested', 'acquired', 'served', 'rejected', 'failed']),
    );
    for (const event of heard) {
      expect(event).toMatchObject({ clientId, server: tokenEndpoint, scope: 'b a', time: expect.any(Number) });
    }
    expect(published).toEqual(heard);
    expectNoSecretIn(heard);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the listener is broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the listener is broken'))],
  ])('a listener that %s fails no request', async (_, onEvent) => {
    answerTokenRequests();
    await expect(source({ onEvent }).getToken()).resolves.toMatchObject({ value: tokenValue });
  });
});
