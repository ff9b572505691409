import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type AcquisitionTrace, TokenError } from '../../src/index.ts';
import { minute } from '../test-clock.ts';
import { Client, clientWithToken, fate } from './client.ts';
import { oauthError, settle, unavailable } from './held-server.ts';

type Step = 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error';

const channel = tracingChannel<unknown, AcquisitionTrace>('tokenline:acquire');
let unsubscribe = (): void => {};
afterEach(() => unsubscribe());

/** Records what the channel tells. */
function listen(onStart: (trace: AcquisitionTrace) => void = () => {}): [Step, AcquisitionTrace][] {
  const told: [Step, AcquisitionTrace][] = [];
  const tell = (step: Step) => (trace: AcquisitionTrace) => void told.push([step, trace]);
  const subscribers = {
    start: (trace: AcquisitionTrace) => (tell('start')(trace), onStart(trace)),
    end: tell('end'),
    asyncStart: tell('asyncStart'),
    asyncEnd: tell('asyncEnd'),
    error: tell('error'),
  };
  channel.subscribe(subscribers);
  unsubscribe = () => channel.unsubscribe(subscribers);
  return told;
}

const steps = (told: [Step, AcquisitionTrace][]): Step[] => told.map(([step]) => step);

describe('the tracing channel tells of', () => {
  test('an acquisition, from its start to its end', async () => {
    const told = listen();
    const client = new Client();
    const asked = client.ask();
    await settle();
    expect(steps(told)).toEqual(['start', 'end']);
    client.clock.advance(50);
    await client.server.answer({ expires_in: 60 });
    await asked;
    expect(steps(told)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    const [, trace] = told[0]!;
    expect(trace).toMatchObject({ background: false, acquisition: expect.any(Number) });
    expect(trace.event).toEqual({ type: 'acquired', duration: 50, lifetime: minute, left: minute - 50 });
    expect(new Set(told.map(([, one]) => one)).size).toBe(1);
  });

  test('one that fails, with its error', async () => {
    const told = listen();
    const client = new Client();
    const asked = client.ask();
    await client.server.answer(oauthError('invalid_client'));
    await fate(asked);
    expect(steps(told)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    const [, trace] = told[2]!;
    expect(trace.event).toMatchObject({ type: 'failed', code: 'ERR_OAUTH_RESPONSE' });
    expect((trace as { error?: unknown }).error).toBeInstanceOf(TokenError);
  });

  test('a renewal in the background', async () => {
    const client = await clientWithToken();
    const told = listen();
    client.server.onRequest = (request) => request.answer(unavailable());
    client.clock.advance(56 * minute);
    await client.ask();
    await settle();
    expect(told[0]?.[1]).toMatchObject({ background: true, event: { type: 'failed' } });
  });

  test('no token, however deep one looks', async () => {
    const told = listen();
    const client = new Client();
    const asked = client.ask();
    await client.server.answer({ access_token: 'do-not-tell' });
    expect(await asked).toBe('do-not-tell');
    expect(inspect(told, { depth: 10, showHidden: true })).not.toContain('do-not-tell');
  });
});

test('events of one acquisition have its number, those of the callers that join it too', async () => {
  const told = listen();
  const client = new Client();
  const asked = client.askTimes(2);
  await client.server.answer();
  await Promise.all(asked);
  const acquisition = told[0]?.[1].acquisition;
  const numbers = client.events.map(({ type, acquisition: number }) => [type, number]);
  expect(numbers).toEqual([
    ['missed', undefined],
    ['joined', acquisition],
    ['requested', acquisition],
    ['acquired', acquisition],
  ]);
});

test('an acquisition runs in the asynchronous context of the caller that caused it', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  listen(() => seen.push(storage.getStore()));
  const client = new Client();
  client.server.onRequest = (request) => {
    seen.push(storage.getStore());
    request.answer();
  };
  await storage.run('the caller', () => client.ask());
  expect(seen).toEqual(['the caller', 'the caller']);
});

test('a subscriber may run it in a context of its own', async () => {
  const storage = new AsyncLocalStorage<string>();
  listen((trace) => (trace.run = (work) => storage.run('a span', work)));
  const client = new Client();
  let seen: string | undefined;
  client.server.onRequest = (request) => {
    seen = storage.getStore();
    request.answer();
  };
  await client.ask();
  expect(seen).toBe('a span');
});
