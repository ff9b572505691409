import { describe, expect, test } from '@jest/globals';
import { hour, minute, second } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate, tally } from './client.ts';
import { oauthError, type Reply, unavailable, unreachable } from './held-server.ts';
import { Simulation } from './simulation.ts';

/** A client whose first token request has just failed. */
async function failing(reply: () => Reply, random = 0): Promise<Client> {
  const client = new Client({ random: () => random });
  const asked = fate(client.ask());
  await client.server.answer(reply);
  await asked;
  client.server.onRequest = (request) => request.answer(reply());
  return client;
}

/** For how long no token is requested after the latest failure: as the event says, and as it is. */
async function pauseOf(client: Client): Promise<number> {
  const before = client.requestCount;
  client.newEvents();
  await fate(client.ask());
  const [event] = client.events;
  if (event?.type !== 'skipped') throw new Error('there is no pause');
  client.clock.advance(event.wait - 1);
  await fate(client.ask());
  expect(client.requestCount).toBe(before);
  client.clock.advance(1.01);
  await fate(client.ask());
  expect(client.requestCount).toBe(before + 1);
  return Math.round(event.wait);
}

async function pausesOf(count: number, ...args: Parameters<typeof failing>): Promise<number[]> {
  const client = await failing(...args);
  const pauses: number[] = [];
  while (pauses.length < count) pauses.push(await pauseOf(client));
  return pauses;
}

describe('while the token endpoint fails', () => {
  test('the pauses between token requests grow to a minute', async () => {
    expect(await pausesOf(4, unavailable)).toEqual([250, 500, 1_000, 1_650]);
    const pauses = (await pausesOf(30, unavailable)).slice(4);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBe(50 * second);
  });

  test('the pauses vary by a fifth, so that a fleet does not come back in step', async () => {
    expect(await pausesOf(4, unavailable, 1)).toEqual([300, 600, 1_200, 1_980]);
    expect((await pausesOf(30, unavailable, 1)).at(-1)).toBe(minute);
  });

  test('what somebody has to put right is asked for less often', async () => {
    expect(await pausesOf(5, () => oauthError('invalid_client'))).toEqual([10, 20, 40, 50, 50].map((s) => s * second));
  });

  test('callers fail at once, with the last error, and no request is made', async () => {
    const client = await failing(unavailable);
    const errors = await Promise.all(client.askTimes(10).map(failure));
    expect(errors[0]).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status: 503, transient: true });
    expect(new Set(errors).size).toBe(1);
    expect(client.requestCount).toBe(1);
  });

  test.each([
    ['unwell', unavailable, 250],
    ['not willing', () => oauthError('invalid_scope'), 10 * second],
  ])('a success ends it: when the endpoint is %s next, that is the first failure', async (_, reply, pause) => {
    const client = await failing(reply);
    for (let failures = 0; failures < 5; failures++) await pauseOf(client);
    client.server.onRequest = (request) => request.answer({ expires_in: 0 });
    await pauseOf(client);
    client.server.onRequest = (request) => request.answer(reply());
    await failure(client.ask());
    expect(await pauseOf(client)).toBe(pause);
  });

  test('an answer ends the outage of the endpoint, even if its token is of no use', async () => {
    const client = await clientWithToken({}, { random: () => 0 });
    client.clock.advance(57 * minute);
    client.server.onRequest = (request) => request.answer(unavailable());
    await fate(client.ask());
    for (let failures = 0; failures < 3; failures++) await pauseOf(client);
    client.server.onRequest = (request) => request.answer({ access_token: 'token-1' });
    await pauseOf(client);
    client.server.onRequest = (request) => request.answer(unavailable());
    await pauseOf(client);
    expect(await pauseOf(client)).toBe(250);
  });

  test('the state belongs to the source: another source asks for itself', async () => {
    await failing(unavailable);
    expect(await fate(new Client().ask())).toBe('waits');
  });
});

/** For how long no token is requested after an answer with that Retry-After. */
const pauseAfter = async (value: string, status = 503): Promise<number> =>
  pauseOf(await failing(() => unavailable({ 'retry-after': value }, status)));

describe('Retry-After', () => {
  test('is honoured in seconds', async () => {
    expect(await pauseAfter('7')).toBe(7 * second);
  });

  test('is honoured as a date', async () => {
    expect(await pauseAfter('Mon, 23 Nov 2026 12:00:20 GMT')).toBe(20 * second);
  });

  test('is honoured with a 429', async () => {
    expect(await pauseAfter('3', 429)).toBe(3 * second);
  });

  test.each([0, 1])('is capped at 5 minutes (jitter %p)', async (random) => {
    const client = await failing(() => unavailable({ 'retry-after': '86400' }), random);
    client.clock.advance(5 * minute - 1);
    await fate(client.ask());
    expect(client.requestCount).toBe(1);
    client.clock.advance(1);
    await fate(client.ask());
    expect(client.requestCount).toBe(2);
  });

  test.each(['0', 'Mon, 23 Nov 2026 11:59:00 GMT', 'soon', '-1', ''])(
    'of "%s" does not open the gates',
    async (value) => {
      expect(await pauseAfter(value)).toBe(250);
    },
  );
});

describe('a failure is transient, and soon tried again,', () => {
  test.each<[string, () => Reply]>([
    ['no server', unreachable],
    ['status 500', () => unavailable({}, 500)],
    ['status 503', unavailable],
    ['status 429', () => unavailable({}, 429)],
    ['status 408', () => unavailable({}, 408)],
  ])('when it is %s', async (_, reply) => {
    const client = await failing(reply);
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
    expect(await pauseOf(client)).toBe(250);
  });
});

describe('a failure is permanent, and held for longer,', () => {
  test.each<[string, () => Reply, string]>([
    ['invalid_client', () => oauthError('invalid_client'), 'ERR_OAUTH_RESPONSE'],
    ['unauthorized_client', () => oauthError('unauthorized_client'), 'ERR_OAUTH_RESPONSE'],
    ['invalid_scope', () => oauthError('invalid_scope'), 'ERR_OAUTH_RESPONSE'],
    ['status 401 without a body', () => new Response(null, { status: 401 }), 'ERR_TOKEN_REQUEST'],
    ['a page that is no token response', () => new Response('<p>Welcome</p>'), 'ERR_TOKEN_RESPONSE'],
  ])('when it is %s', async (_, reply, code) => {
    const client = await failing(reply);
    expect(await failure(client.ask())).toMatchObject({ code, transient: false });
    expect(await pauseOf(client)).toBe(10 * second);
  });
});

test('a token is served through an outage until it really expires, and never after', async () => {
  const client = await clientWithToken({ expires_in: 300 });
  client.server.onRequest = (request) => request.answer(unreachable());
  for (let time = 0; time < 5 * minute; time += 100) {
    expect(await fate(client.ask())).toBe('token-1');
    client.clock.advance(100);
  }
  expect(await tally(client.askTimes(10))).toEqual({ ERR_TOKEN_REQUEST: 10 });
  // 75 seconds of failures.
  expect(client.requestCount).toBeLessThan(20);
});

test('callers who come back after an hour of outage find the server as soon as it is there', async () => {
  const client = await failing(unavailable);
  client.clock.advance(hour);
  client.server.onRequest = (request) => request.answer();
  expect(await client.ask()).toBe('token-2');
});

/** Numbers from 0 to 1 that look random and are the same in each run. */
function mixture(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

describe('an outage of 5 seconds, 200 calls a second and nothing cached,', () => {
  const jitters: [string, () => number][] = [
    ['none', () => 0],
    ['mean', () => 0.5],
    ['most', () => 1 - Number.EPSILON],
    ...[1, 2, 3, 4, 5].map((seed): [string, () => number] => [`mixture ${seed}`, mixture(seed * 7_919)]),
  ];

  test.each(jitters.flatMap(([name, random]) => [0, 50].map((latency) => [name, latency, random] as const)))(
    'costs 6 token requests or fewer and ends within 2 seconds (jitter: %s, failing after %p ms)',
    async (_, latency, random) => {
      const client = new Client({ random });
      const simulation = new Simulation(client);
      const outage = 5 * second;
      let during = 0;
      client.server.onRequest = async (request) => {
        const down = simulation.time < outage;
        if (down) during++;
        await simulation.wait(down ? latency : 50);
        request.answer(down ? unreachable() : {});
      };
      let recovered: number | undefined;
      const caller = async (): Promise<void> => {
        if ((await client.ask().catch(() => undefined)) !== undefined) recovered ??= simulation.time;
      };
      await simulation.run(outage + 2 * second, caller);
      expect(during).toBeLessThanOrEqual(6);
      expect(recovered).toBeLessThanOrEqual(outage + 2 * second);
      expect(client.requestCount).toBe(during + 1);
    },
  );
});
