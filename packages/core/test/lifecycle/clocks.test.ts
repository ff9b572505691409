import { describe, expect, test } from '@jest/globals';
import { hour, minute, second, shift } from '../test-clock.ts';
import { Client, clientWithToken, fate, tally } from './client.ts';
import { unavailable } from './held-server.ts';

test('a wall clock that is set back an hour makes no token immortal', async () => {
  const client = await clientWithToken();
  shift(client.clock, -hour);
  client.clock.advance(54 * minute);
  expect(await fate(client.ask())).toBe('token-1');
  expect(client.requestCount).toBe(1);
  client.clock.advance(6 * minute);
  expect(await fate(client.ask())).toBe('waits');
});

test('a wall clock that is set back again and again makes no token immortal', async () => {
  const client = await clientWithToken();
  for (let minutes = 0; minutes < 60; minutes++) {
    client.clock.advance(minute);
    shift(client.clock, -minute);
  }
  expect(await fate(client.ask())).toBe('waits');
});

test('a wall clock that is set back and right again changes nothing', async () => {
  const client = await clientWithToken();
  shift(client.clock, -hour);
  expect(await fate(client.ask())).toBe('token-1');
  shift(client.clock, hour);
  expect(await fate(client.ask())).toBe('token-1');
  expect(client.requestCount).toBe(1);
});

test('an hour that only the wall clock knows of costs one token request', async () => {
  const client = await clientWithToken();
  shift(client.clock, hour);
  const asked = client.askTimes(1_000);
  expect(await tally(asked)).toEqual({ waits: 1_000 });
  await client.server.answer();
  expect(await tally(asked)).toEqual({ 'token-2': 1_000 });
  client.clock.advance(54 * minute);
  expect(await fate(client.ask())).toBe('token-2');
  expect(client.requestCount).toBe(2);
});

/** A client whose first callers were answered after something had happened: one time, or once more where that is needed. */
const answeredAfter = async (happens: (client: Client) => void): Promise<Client> => {
  const client = new Client();
  const asked = client.askTimes(10);
  await tally(asked);
  happens(client);
  await client.server.answer({ expires_in: 60 });
  await client.server.answer({ expires_in: 60 });
  expect(await tally(asked)).toEqual({ [`token-${client.requestCount}`]: 10 });
  return client;
};

describe('while a token request is under way', () => {
  test('an hour that only the wall clock knows of costs one more', async () => {
    expect((await answeredAfter(({ clock }) => shift(clock, hour))).requestCount).toBe(2);
  });

  test('a wall clock that is set back costs nothing, and prolongs nothing', async () => {
    const client = await answeredAfter(({ clock }) => shift(clock, -hour));
    expect(client.requestCount).toBe(1);
    client.clock.advance(minute);
    expect(await fate(client.ask())).toBe('waits');
  });

  test('the token ages: its time counts from the start of the request', async () => {
    const client = await answeredAfter(({ clock }) => clock.advance(40 * second));
    client.clock.advance(20 * second - 1);
    expect(client.requestCount).toBe(1);
    const late = client.ask();
    await client.server.answer(unavailable);
    expect(await fate(late)).toBe('token-1');
    client.clock.advance(1);
    expect(await fate(client.ask())).toBe('ERR_TOKEN_REQUEST');
  });
});

/** A client that makes no token request for the next 250 ms. */
const pausedClient = async (): Promise<Client> => {
  const client = new Client({ random: () => 0 });
  const asked = fate(client.ask());
  await client.server.answer(unavailable);
  await asked;
  return client;
};

describe('a pause after a failure', () => {
  test('is not prolonged by a wall clock that is set back', async () => {
    const client = await pausedClient();
    shift(client.clock, -hour);
    expect(await fate(client.ask())).toBe('ERR_TOKEN_REQUEST');
    client.clock.advance(250);
    expect(await fate(client.ask())).toBe('waits');
  });

  test('is over when the machine has slept', async () => {
    const client = await pausedClient();
    shift(client.clock, hour);
    expect(await fate(client.ask())).toBe('waits');
  });
});

test('the clocks of the machine are used where none are given', async () => {
  const client = new Client({ clock: undefined });
  const asked = client.source.getToken();
  const before = Date.now();
  await client.server.answer({ expires_in: 60 });
  const { expiresAt = 0 } = await asked;
  expect(expiresAt).toBeGreaterThanOrEqual(before);
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + minute);
  expect(await fate(client.ask())).toBe('token-1');
});
