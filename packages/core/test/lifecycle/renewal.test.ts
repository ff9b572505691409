import { describe, expect, test } from '@jest/globals';
import { day, hour, minute, second } from '../test-clock.ts';
import { type Client, clientWithToken, fate, tally } from './client.ts';
import { unavailable, unreachable } from './held-server.ts';
import { Simulation } from './simulation.ts';

/** The state of a token of that lifetime when it has `left` milliseconds left, judged by what befalls one caller. */
async function stateAt(lifetime: number, left: number, random = 0.5, fields: object = {}): Promise<string> {
  const client = await clientWithToken({ expires_in: lifetime / second, ...fields }, { random: () => random });
  client.clock.advance(lifetime - left);
  const asked = client.ask();
  if ((await fate(asked)) === 'token-1') return client.requestCount === 1 ? 'fresh' : 'ageing';
  await client.server.answer(unreachable);
  return (await fate(asked)) === 'token-1' ? 'late' : 'expired';
}

describe.each([
  ['1 second', second, 250, 100],
  ['4 seconds', 4 * second, second, 400],
  ['a minute', minute, 15 * second, 6 * second],
  ['5 minutes', 5 * minute, 75 * second, 30 * second],
  ['an hour', hour, 5 * minute, 30 * second],
  ['40 days', 40 * day, 5 * minute, 30 * second],
])('a token that lives for %s', (_, lifetime, window, margin) => {
  test.each([
    ['widest', 1 - Number.EPSILON, 1.1],
    ['mean', 0.5, 1],
    ['narrowest', 0, 0.9],
  ])('ages in its refresh window (the %s)', async (_name, random, jitter) => {
    expect(await stateAt(lifetime, window * jitter + 1, random)).toBe('fresh');
    expect(await stateAt(lifetime, window * jitter - 1, random)).toBe('ageing');
  });

  test('is late in its margin, and serves until it expires', async () => {
    expect(await stateAt(lifetime, margin + 1)).toBe('ageing');
    expect(await stateAt(lifetime, margin)).toBe('late');
    expect(await stateAt(lifetime, 1)).toBe('late');
    expect(await stateAt(lifetime, 0)).toBe('expired');
  });
});

/** The state of a token of a minute, with a refresh window of that length: the narrowest. */
const stateInWindow = async (refreshWindow: number, left: number): Promise<string> => {
  const client = await clientWithToken({ expires_in: 60 }, { refreshWindow, random: () => 0 });
  client.clock.advance(minute - left);
  await fate(client.ask());
  return client.requestCount === 1 ? 'fresh' : 'ageing';
};

describe('the refresh window', () => {
  test('its jitter is drawn once a token', async () => {
    let draws = 0;
    const client = await clientWithToken({}, { random: () => ++draws && 0.5 });
    for (let minutes = 0; minutes < 54; minutes++) {
      client.clock.advance(minute);
      await client.ask();
    }
    expect(draws).toBe(1);
    expect(client.requestCount).toBe(1);
  });

  test('may be given, with its jitter, up to half of the lifetime', async () => {
    expect(await stateInWindow(10 * second, 9 * second + 1)).toBe('fresh');
    expect(await stateInWindow(10 * second, 9 * second - 1)).toBe('ageing');
    expect(await stateInWindow(10 * minute, 30 * second + 1)).toBe('fresh');
    expect(await stateInWindow(10 * minute, 30 * second)).toBe('ageing');
    expect(await stateInWindow(0, 1)).toBe('fresh');
  });

  test("gives way to the server's refresh_in", async () => {
    expect(await stateAt(hour, 30 * minute + 1, 0, { refresh_in: 1800 })).toBe('fresh');
    expect(await stateAt(hour, 30 * minute, 1, { refresh_in: 1800 })).toBe('ageing');
    expect(await stateAt(hour, 2 * second, 0.5, { refresh_in: 3599 })).toBe('fresh');
    expect(await stateAt(hour, second, 0.5, { refresh_in: 3599 })).toBe('late');
  });

  test.each([0, -5, 'soon', null, 3600, 7200])('is not shaken by a refresh_in of %p', async (refresh_in) => {
    expect(await stateAt(hour, 5 * minute + 1, 0.5, { refresh_in })).toBe('fresh');
    expect(await stateAt(hour, 5 * minute, 0.5, { refresh_in })).toBe('ageing');
  });
});

/** What befalls a caller with a token of a minute, with a margin of that length. */
const stateInMargin = async (expiryMargin: number, left: number): Promise<string> => {
  const client = await clientWithToken({ expires_in: 60 }, { expiryMargin });
  client.clock.advance(minute - left);
  return fate(client.ask());
};

describe('the margin', () => {
  test('may be given, up to the refresh window', async () => {
    expect(await stateInMargin(2 * second, 2 * second + 1)).toBe('token-1');
    expect(await stateInMargin(2 * second, 2 * second)).toBe('waits');
    expect(await stateInMargin(minute, 15 * second + 1)).toBe('token-1');
    expect(await stateInMargin(minute, 15 * second)).toBe('waits');
    expect(await stateInMargin(0, 1)).toBe('token-1');
  });
});

describe('an ageing token', () => {
  test('is handed out at once while one renewal runs in the background', async () => {
    const client = await clientWithToken();
    client.clock.advance(56 * minute);
    expect(await tally(client.askTimes(1_000))).toEqual({ 'token-1': 1_000 });
    expect(client.requestCount).toBe(2);
    await client.server.answer();
    expect(await tally(client.askTimes(1_000))).toEqual({ 'token-2': 1_000 });
    expect(client.requestCount).toBe(2);
  });

  test('is handed out on and on while its renewal hangs', async () => {
    const client = await clientWithToken({}, { timeout: hour });
    client.clock.advance(56 * minute);
    for (let seconds = 0; seconds < 200; seconds++) {
      expect(await fate(client.ask())).toBe('token-1');
      client.clock.advance(second);
    }
    expect(client.requestCount).toBe(2);
  });

  test('is handed out when its renewal fails, which no caller notices', async () => {
    const client = await clientWithToken();
    client.clock.advance(56 * minute);
    expect(await client.ask()).toBe('token-1');
    await client.server.answer(unavailable);
    expect(await client.ask()).toBe('token-1');
    client.clock.advance(second);
    expect(await client.ask()).toBe('token-1');
    await client.server.answer();
    expect(await client.ask()).toBe('token-3');
  });
});

const clientWithLateToken = async (): Promise<Client> => {
  const client = await clientWithToken();
  client.clock.advance(hour - 20 * second);
  return client;
};

describe('a late token', () => {
  test('is held back while one renewal runs, so that no request outlives its token', async () => {
    const client = await clientWithLateToken();
    const asked = client.askTimes(1_000);
    expect(await tally(asked)).toEqual({ waits: 1_000 });
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-2': 1_000 });
    expect(client.requestCount).toBe(2);
  });

  test('waits for the renewal that was begun in the background when it was ageing', async () => {
    const client = await clientWithToken({}, { timeout: hour });
    client.clock.advance(56 * minute);
    await client.ask();
    client.clock.advance(4 * minute - second);
    const asked = client.ask();
    expect(await fate(asked)).toBe('waits');
    await client.server.answer();
    expect(await asked).toBe('token-2');
    expect(client.requestCount).toBe(2);
  });

  test('serves those who waited when the renewal fails, and at once while it is backing off', async () => {
    const client = await clientWithLateToken();
    const asked = client.askTimes(100);
    await client.server.answer(unavailable);
    expect(await tally(asked)).toEqual({ 'token-1': 100 });
    expect(await fate(client.ask())).toBe('token-1');
    expect(client.requestCount).toBe(2);
  });

  test('does not serve those whose renewal fails when it has expired meanwhile', async () => {
    const client = await clientWithLateToken();
    const asked = client.ask();
    await fate(asked);
    client.clock.advance(20 * second);
    await client.server.answer(unavailable);
    expect(await fate(asked)).toBe('ERR_TOKEN_REQUEST');
  });
});

test.each([0, 0.5, 1 - Number.EPSILON])(
  'tokens of 4 seconds, 200 calls a second for 10 seconds: 3 or 4 token requests and nobody waits (jitter %p)',
  async (random) => {
    const client = await clientWithToken({ expires_in: 4 }, { random: () => random });
    const simulation = new Simulation(client);
    client.server.onRequest = async (request) => {
      await simulation.wait(50);
      request.answer({ expires_in: 4 });
    };
    let served = 0;
    let waited = 0;
    await simulation.run(10 * second, async () => {
      const called = simulation.time;
      await client.ask();
      served++;
      if (simulation.time > called) waited++;
    });
    expect({ served, waited }).toEqual({ served: 2_000, waited: 0 });
    expect([3, 4]).toContain(client.requestCount);
  },
);
