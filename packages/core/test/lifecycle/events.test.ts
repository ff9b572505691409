import { channel } from 'node:diagnostics_channel';
import { describe, expect, test } from '@jest/globals';
import type { TokenEvent } from '../../src/index.ts';
import { hour, minute } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate } from './client.ts';
import { oauthError, settle, unavailable } from './held-server.ts';

/** Answers at once from now on. */
const answering = (client: Client, reply?: () => object): Client => {
  client.server.onRequest = (request) => request.answer(reply?.());
  return client;
};

describe('what can be seen of', () => {
  test('a first token', async () => {
    const client = new Client();
    const asked = client.ask();
    await settle();
    client.clock.advance(50);
    await client.server.answer({ expires_in: 60 });
    await asked;
    expect(client.events).toMatchObject([
      { type: 'missed', phase: 'missing' },
      { type: 'requested', background: false },
      { type: 'acquired', duration: 50, lifetime: minute },
    ]);
  });

  test('callers who wait for the same', async () => {
    const client = new Client();
    const asked = client.askTimes(3);
    await client.server.answer();
    await Promise.all(asked);
    expect(client.newEvents()).toEqual(['missed', 'joined', 'joined', 'requested', 'acquired']);
  });

  test('a fresh token', async () => {
    const client = await clientWithToken();
    await client.ask();
    expect(client.events).toMatchObject([{ type: 'served', phase: 'fresh' }]);
  });

  test('an ageing token and its renewal', async () => {
    const client = answering(await clientWithToken());
    client.clock.advance(56 * minute);
    await fate(client.ask());
    expect(client.events).toMatchObject([
      { type: 'served', phase: 'ageing' },
      { type: 'requested', background: true },
      { type: 'acquired', duration: 0, lifetime: hour },
    ]);
  });

  test('a renewal that fails, and of one that is put off', async () => {
    const client = answering(await clientWithToken(), unavailable);
    client.clock.advance(56 * minute);
    await fate(client.ask());
    await fate(client.ask());
    expect(client.events.slice(2)).toMatchObject([
      { type: 'failed', duration: 0, code: 'ERR_TOKEN_REQUEST', transient: true },
      { type: 'skipped', code: 'ERR_TOKEN_REQUEST', wait: 275 },
      { type: 'served', phase: 'ageing' },
    ]);
  });

  test('a late token that has to serve', async () => {
    const client = answering(await clientWithToken(), () => oauthError('invalid_client'));
    client.clock.advance(59.9 * minute);
    await client.ask();
    await client.ask();
    expect(client.events).toMatchObject([
      { type: 'missed', phase: 'late' },
      { type: 'requested', background: false },
      { type: 'failed', code: 'ERR_OAUTH_RESPONSE', transient: false },
      { type: 'served', phase: 'late' },
      { type: 'skipped', code: 'ERR_OAUTH_RESPONSE' },
      { type: 'served', phase: 'late' },
    ]);
  });

  test('an expired token', async () => {
    const client = answering(await clientWithToken());
    client.clock.advance(hour);
    await client.ask();
    expect(client.events[0]).toMatchObject({ type: 'missed', phase: 'expired' });
  });

  test('a rejected token, told once however many report it', async () => {
    const client = await clientWithToken();
    const asked = [client.ask({ rejected: 'token-1' }), client.ask({ rejected: 'token-1' }), client.ask()];
    await client.server.answer(unavailable);
    await Promise.all(asked.map(fate));
    expect(client.events).toMatchObject([
      { type: 'rejected' },
      { type: 'missed', phase: 'rejected' },
      { type: 'joined' },
      { type: 'joined' },
      { type: 'requested' },
      { type: 'failed' },
      { type: 'served', phase: 'rejected' },
    ]);
  });

  test('an API that refuses every token', async () => {
    const client = answering(await clientWithToken());
    for (let token = 1; token <= 4; token++) await fate(client.ask({ rejected: `token-${token}` }));
    expect(client.events.at(-1)).toMatchObject({ type: 'skipped', code: 'ERR_TOKEN_REJECTED', wait: 2_200 });
    expect(client.newEvents().slice(-3)).toEqual(['acquired', 'rejected', 'skipped']);
  });

  test('an answer that is of no use', async () => {
    const client = answering(await clientWithToken(), () => ({ access_token: 'token-1' }));
    client.clock.advance(56 * minute);
    await fate(client.ask());
    expect(client.events).toMatchObject([
      { type: 'served' },
      { type: 'requested' },
      { type: 'discarded', reason: 'same-token' },
      { type: 'failed', code: 'ERR_TOKEN_RESPONSE', transient: true },
    ]);
  });

  test('a token request that its last caller has left', async () => {
    const client = new Client();
    const controller = new AbortController();
    const asked = fate(client.ask({ signal: controller.signal }));
    await settle();
    controller.abort();
    await asked;
    await settle();
    expect(client.newEvents()).toEqual(['missed', 'requested', 'aborted']);
  });
});

test('every event tells when, for which client, where and for which scope', async () => {
  const client = answering(new Client({ scope: 'read' }));
  await client.ask();
  await client.source.with({ scope: ['b', 'a'] }).getToken();
  const common = { clientId: 'orders', server: 'https://login.example.com/connect/token', time: client.clock.now() };
  const acquisitions = client.events.map(({ acquisition }) => acquisition);
  const [, first, , , second] = acquisitions;
  expect(acquisitions).toEqual([undefined, first, first, undefined, second, second]);
  expect(second).toBeGreaterThan(first!);
  expect(client.events.map((event) => ({ ...event, acquisition: undefined }))).toEqual([
    { ...common, scope: 'read', type: 'missed', phase: 'missing' },
    { ...common, scope: 'read', type: 'requested', background: false },
    { ...common, scope: 'read', type: 'acquired', duration: 0, lifetime: hour, left: hour },
    { ...common, scope: 'b a', type: 'missed', phase: 'missing' },
    { ...common, scope: 'b a', type: 'requested', background: false },
    { ...common, scope: 'b a', type: 'acquired', duration: 0, lifetime: hour, left: hour },
  ]);
});

test('the same events are published on the diagnostics channel, for those who listen there', async () => {
  const published: TokenEvent[] = [];
  const listener = (event: unknown): unknown => published.push(event as TokenEvent);
  channel('tokenline').subscribe(listener);
  const quiet = answering(new Client({ onEvent: undefined }));
  await quiet.ask();
  await quiet.ask();
  expect(published.map(({ type }) => type)).toEqual(['missed', 'requested', 'acquired', 'served']);
  published.length = 0;
  const loud = answering(new Client());
  await loud.ask();
  expect(published).toEqual(loud.events);
  channel('tokenline').unsubscribe(listener);
  await loud.ask();
  expect(published).toHaveLength(3);
});

test.each<[string, () => void]>([
  [
    'throws',
    () => {
      throw new Error('not today');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('not today');
    },
  ],
  [
    'returns what is no promise, and fails as one',
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable
      then: () => {
        throw new Error('not today');
      },
    }),
  ],
])('a listener that %s harms nothing', async (_, onEvent) => {
  const client = answering(new Client({ onEvent }));
  expect(await client.ask()).toBe('token-1');
  expect(await client.ask({ rejected: 'token-1' })).toBe('token-2');
  client.clock.advance(56 * minute);
  expect(await fate(client.ask())).toBe('token-2');
  expect(await client.ask()).toBe('token-3');
  answering(client, unavailable);
  client.clock.advance(hour);
  expect(await failure(client.ask())).toMatchObject({ status: 503 });
});

test('no event carries a credential', async () => {
  const client = answering(new Client({ clientSecret: 'sesame' }), () => ({ access_token: 'open-sesame' }));
  client.server.register('sesame');
  await client.ask();
  await fate(client.ask({ rejected: 'open-sesame' }));
  answering(client, () => oauthError('invalid_client'));
  client.clock.advance(hour);
  await fate(client.ask());
  expect(client.events.map(({ type }) => type)).toContain('discarded');
  expect(JSON.stringify(client.events)).not.toMatch(/sesame/);
});
