import { describe, expect, test } from '@jest/globals';
import { hour, minute, second } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate, tally } from './client.ts';
import { unavailable } from './held-server.ts';
import { Simulation } from './simulation.ts';

/** A client that gets its answers at once. */
async function servedClient(fields: object = {}): Promise<Client> {
  const client = await clientWithToken(fields);
  client.server.onRequest = (request) => request.answer(fields);
  return client;
}

/** A token is refused; what whoever says so gets in its place. */
const refuse = async (client: Client, rejectedBy?: string): Promise<string> =>
  fate(client.ask({ rejected: await client.ask(), rejectedBy }));

describe('a revocation', () => {
  test('is mended at once, by one token request', async () => {
    const client = await servedClient();
    expect(await refuse(client)).toBe('token-2');
    expect(await client.ask()).toBe('token-2');
    expect(client.requestCount).toBe(2);
  });

  test.each([
    [3, 0],
    [10, 10 * second],
  ])('is mended at once up to %p times in a row, %p ms apart', async (times, pause) => {
    const client = await servedClient();
    for (let revocations = 1; revocations <= times; revocations++) {
      expect(await refuse(client)).toBe(`token-${revocations + 1}`);
      client.clock.advance(pause);
    }
  });

  test('is mended at once even where renewals of the ageing token have failed to bring another', async () => {
    const client = await servedClient({ access_token: 'token-1' });
    client.clock.advance(56 * minute);
    await fate(client.ask());
    expect(client.requestCount).toBe(2);
    client.server.onRequest = (request) => request.answer();
    expect(await refuse(client)).toBe('token-3');
  });

  test('that nobody waits for is mended for the next caller', async () => {
    const client = await clientWithToken();
    client.source.refuse('token-0');
    expect(await client.ask()).toBe('token-1');
    client.source.refuse('token-1');
    const next = client.ask();
    await client.server.answer();
    expect([await next, client.requestCount]).toEqual(['token-2', 2]);
  });

  test('gives nobody the refused token while a better one is on its way', async () => {
    const client = await clientWithToken();
    const rejecting = client.ask({ rejected: 'token-1' });
    expect(await tally(client.askTimes(3))).toEqual({ waits: 3 });
    await client.server.answer();
    expect(await rejecting).toBe('token-2');
  });

  test('leaves others the refused token if no better one is to be had: some other API may take it', async () => {
    const client = await clientWithToken();
    const rejecting = client.ask({ rejected: 'token-1' });
    const other = client.ask();
    await client.server.answer(unavailable);
    expect(await fate(rejecting)).toBe('ERR_TOKEN_REQUEST');
    expect(await fate(other)).toBe('token-1');
    expect(await fate(client.ask())).toBe('token-1');
    expect(client.requestCount).toBe(2);
  });

  test('that is seen when the token has expired costs the one request that is due anyway', async () => {
    const client = await clientWithToken();
    client.clock.advance(hour);
    const asked = [client.ask({ rejected: 'token-1' }), client.ask()];
    await client.server.answer();
    expect(await tally(asked)).toEqual({ 'token-2': 2 });
  });
});

describe('an API that refuses every token', () => {
  test('gets no token request for each refusal: the pauses double', async () => {
    const client = await servedClient();
    const renewals: number[] = [];
    for (let time = 0; time <= 70 * second; time += 100) {
      const before = client.requestCount;
      await refuse(client);
      if (client.requestCount > before) renewals.push(time / second);
      client.clock.advance(100);
    }
    // After three that may be revocations 2, 4, 8, 16 and 32 seconds, and their jitter of 10 %.
    expect(renewals).toEqual([0, 0.1, 0.2, 2.4, 6.8, 15.6, 33.2, 68.4]);
  });

  test('is told from a revocation by the time that a renewed token was good for', async () => {
    const client = await servedClient();
    for (let refusals = 0; refusals < 20; refusals++) {
      await refuse(client);
      client.clock.advance(100);
    }
    expect(await refuse(client)).toBe('ERR_TOKEN_REJECTED');
    for (const token of ['token-5', 'token-6', 'token-7', 'token-8']) {
      client.clock.advance(minute);
      expect(await refuse(client)).toBe(token);
    }
  });

  test('is still the same one when a token was refused a little later than the pause before it', async () => {
    const client = await servedClient();
    while (client.requestCount < 7) {
      await refuse(client);
      client.clock.advance(100);
    }
    // The pause before that was one of 8 seconds, the next is one of 16.
    client.clock.advance(25 * second);
    expect(await refuse(client)).toBe('token-8');
    expect(await refuse(client)).toBe('ERR_TOKEN_REJECTED');
  });

  test('is not to be seen in tokens that were renewed because of their age', async () => {
    const client = await servedClient();
    for (let hours = 0; hours < 10; hours++) {
      const before = await client.ask();
      expect(await refuse(client)).not.toBe(before);
      client.clock.advance(hour);
      await client.ask();
    }
    expect(client.requestCount).toBe(21);
  });

  test('is named in the error of those who wait for a better token, and keeps no other from the token that is there', async () => {
    const client = await servedClient();
    for (let refusals = 0; refusals < 3; refusals++) await refuse(client);
    const error = await failure(client.ask({ rejected: 'token-4' }));
    expect(error).toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      transient: true,
      message: 'the API refuses tokens that were only just issued',
    });
    expect(await client.ask()).toBe('token-4');
    expect(client.requestCount).toBe(4);
  });

  test('does not keep an expired token from its renewal', async () => {
    const client = await servedClient({ expires_in: 2 });
    for (let refusals = 0; refusals < 10; refusals++) await refuse(client);
    expect(client.requestCount).toBe(4);
    client.clock.advance(2 * second);
    expect(await client.ask()).toBe('token-5');
  });

  test.each([
    ['with a new token each time', {}, 0],
    ['with a new token each time, and with delay', {}, 30],
    ['with the same token each time', { access_token: 'token-1' }, 0],
    ['with the same token each time, and with delay', { access_token: 'token-1' }, 30],
    ['with tokens that live for a minute', { expires_in: 60 }, 30],
  ])('costs 6 token requests or fewer in 10 seconds at 200 calls a second, %s', async (_, fields, delay) => {
    const client = new Client({ random: () => 0 });
    const simulation = new Simulation(client);
    client.server.onRequest = async (request) => {
      await simulation.wait(50);
      request.answer(fields);
    };
    const caller = async (): Promise<void> => {
      const rejected = await client.ask().catch(() => undefined);
      await simulation.wait(delay);
      if (rejected !== undefined) await client.ask({ rejected }).catch(() => undefined);
    };
    await simulation.run(10 * second, caller);
    expect(client.requestCount).toBeGreaterThan(2);
    expect(client.requestCount).toBeLessThanOrEqual(6);
  });
});

describe('an API that refuses every token, beside others', () => {
  const hopeless = 'https://hopeless.example.com';

  test('holds up no renewal that another one deserves, not even of the very token that it refused', async () => {
    const client = await servedClient();
    for (let refusals = 0; refusals < 5; refusals++) await refuse(client, hopeless);
    expect(await refuse(client, hopeless)).toBe('ERR_TOKEN_REJECTED');
    expect(client.requestCount).toBe(4);
    expect(await refuse(client, 'https://api.example.com')).toBe('token-5');
    expect(await refuse(client, 'https://other.example.com')).toBe('token-6');
    expect(await refuse(client)).toBe('token-7');
    expect(await refuse(client, hopeless)).toBe('ERR_TOKEN_REJECTED');
  });

  test('costs no more requests for the renewals of the others', async () => {
    const client = await servedClient();
    let [deserved, before] = [0, 0];
    for (let time = 0; time <= 70 * second; time += 100) {
      await refuse(client, hopeless);
      before = client.requestCount;
      if (time % (20 * second) === 0) await refuse(client, 'https://api.example.com');
      deserved += client.requestCount - before;
      client.clock.advance(100);
    }
    expect(deserved).toBe(4);
    // By itself, it gets 8.
    expect(client.requestCount - 1 - deserved).toBeLessThanOrEqual(8);
  });

  test('counts once for a token, however many of its callers say so', async () => {
    const client = await servedClient();
    for (let token = 1; token < 4; token++) {
      const rejected = await client.ask();
      await Promise.all(client.askTimes(10, { rejected, rejectedBy: hopeless }));
    }
    expect(client.requestCount).toBe(4);
  });

  test('may be many: a thousand that refuse everything cost what a few of them do', async () => {
    const client = await servedClient();
    const start = client.clock.monotonic();
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 1_000; index++) await refuse(client, `https://tenant-${index}.example.com`);
      client.clock.advance(second);
    }
    expect(client.clock.monotonic() - start).toBe(5 * second);
    // Three for each of those that are told apart, and the pauses of the rest.
    expect(client.requestCount).toBeLessThanOrEqual(17 * 5);
  });

  test('is told from the others again when they have been silent for long', async () => {
    const client = await servedClient();
    for (let index = 0; index < 100; index++) await refuse(client, `https://tenant-${index}.example.com`);
    client.clock.advance(2 * minute);
    for (let refusals = 0; refusals < 5; refusals++) await refuse(client, hopeless);
    expect(await refuse(client, hopeless)).toBe('ERR_TOKEN_REJECTED');
    expect(await refuse(client, 'https://api.example.com')).toMatch(/^token-/);
  });
});

describe('a server that issues the refused token again', () => {
  test('is told to whoever had it refused, and not asked in a loop', async () => {
    const client = await servedClient({ access_token: 'token-1' });
    expect(await failure(client.ask({ rejected: 'token-1' }))).toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      transient: true,
      message: 'the renewal brought no better token',
    });
    expect(await tally(client.askTimes(100, { rejected: 'token-1' }))).toEqual({ ERR_TOKEN_REJECTED: 100 });
    expect(client.requestCount).toBe(2);
  });

  test('is told to whoever had it refused before this source had any', async () => {
    const client = new Client();
    const asked = [client.ask({ rejected: 'old' }), client.ask()];
    const error = failure(client.ask({ rejected: 'old' }));
    await client.server.answer({ access_token: 'old' });
    expect(await tally(asked)).toEqual({ ERR_TOKEN_REJECTED: 1, old: 1 });
    expect((await error).message).toBe('the server issued the very token that the API refused');
  });
});
