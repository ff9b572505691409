import { describe, expect, test } from '@jest/globals';
import { day, hour, minute, second } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate, tally } from './client.ts';
import { settle } from './held-server.ts';

/** A JWT that expires then, in seconds since the epoch. */
const jwt = (exp: unknown): string =>
  `e30.${Buffer.from(JSON.stringify({ exp, sub: 'Ω?>' })).toString('base64url')}.c2ln`;

/** For how long a token is handed out: to the millisecond, by halving. */
async function lifetimeOf(fields: object): Promise<number> {
  const servedAfter = async (age: number): Promise<boolean> => {
    const client = new Client();
    const asked = client.ask();
    await client.server.answer(fields);
    const token = await asked;
    client.clock.advance(age);
    // Whoever does not get the token at once gets a failure, or the token if it is late.
    client.server.onRequest = (request) => request.answer(new Response(null, { status: 503 }));
    return (await client.ask().catch(() => undefined)) === token;
  };
  let [alive, over] = [-1, 1_000 * day];
  while (over - alive > 1) {
    const middle = Math.floor((alive + over) / 2);
    if (await servedAfter(middle)) alive = middle;
    else over = middle;
  }
  return over;
}

describe('the lifetime of a token', () => {
  test.each([
    [1, second],
    ['60', minute],
    [' 3600 ', hour],
    [0.5, 500],
    [40 * 86_400, 40 * day],
  ])('is an expires_in of %p seconds', async (expires_in, lifetime) => {
    expect(await lifetimeOf({ expires_in })).toBe(lifetime);
  });

  test.each([undefined, null])('is 5 minutes for an opaque token with an expires_in of %p', async (expires_in) => {
    expect(await lifetimeOf({ expires_in })).toBe(5 * minute);
  });

  test('is told by the exp of a JWT where there is no expires_in', async () => {
    const inTenMinutes = jwt(new Client().clock.now() / second + 600);
    expect(await lifetimeOf({ access_token: inTenMinutes, expires_in: undefined })).toBe(10 * minute);
    expect(await lifetimeOf({ access_token: inTenMinutes, expires_in: 60 })).toBe(minute);
  });

  test.each(['a.b', 'a.b.c', 'a.e30.c', jwt('soon'), jwt(null)])(
    'is 5 minutes for %p, which tells nothing',
    async (value) => {
      expect(await lifetimeOf({ access_token: value, expires_in: undefined })).toBe(5 * minute);
    },
  );

  test.each([1e308, Number.MAX_SAFE_INTEGER])('ends in any case, even with an expires_in of %p', async (expires_in) => {
    expect(await lifetimeOf({ expires_in })).toBe(366 * day);
  });
});

describe('a token that is not to be kept', () => {
  test.each([0, -1, '0', '-60', '', 'soon', true, [], {}, Number.NaN])(
    'serves those who wait for it when its expires_in is %p',
    async (expires_in) => {
      const client = new Client();
      const together = client.askTimes(3);
      await client.server.answer({ expires_in });
      // NaN is null on the wire: no lifetime is said.
      const kept = Number.isNaN(expires_in);
      expect(await Promise.all(together)).toEqual(['token-1', 'token-1', 'token-1']);
      expect(client.requestCount).toBe(1);

      const later = client.ask();
      await client.server.answer();
      expect(await later).toBe(kept ? 'token-1' : 'token-2');
    },
  );

  test('is a JWT that has expired by the clock of this machine', async () => {
    const client = new Client();
    const asked = client.ask();
    await client.server.answer({ access_token: jwt(client.clock.now() / second - 1), expires_in: undefined });
    await asked;
    expect(await fate(client.ask())).toBe('waits');
  });

  test('replaces a token that was rejected, for those who wait', async () => {
    const client = await clientWithToken();
    const asked = client.ask({ rejected: 'token-1' });
    await client.server.answer({ expires_in: 0 });
    expect(await asked).toBe('token-2');
    expect(await fate(client.ask())).toBe('waits');
    expect(client.requestCount).toBe(3);
  });

  test('does not replace a token that is only ageing', async () => {
    const client = await clientWithToken();
    client.clock.advance(56 * minute);
    await client.ask();
    await client.server.answer({ expires_in: 0 });
    expect(await client.ask()).toBe('token-1');
  });
});

describe.each([
  ['the same token again', { access_token: 'token-1', expires_in: 3600 }, 'same-token'],
  ['a token that expires earlier', { expires_in: 60 }, 'earlier-expiry'],
])('a renewal that brings %s', (_, fields, reason) => {
  const ageing = async (): Promise<Client> => {
    // The clock does not wait for the renewals here: none of them is to be taken for lost.
    const client = await clientWithToken({}, { timeout: hour });
    client.clock.advance(56 * minute);
    client.server.onRequest = (request) => request.answer(fields);
    return client;
  };

  test('leaves the better token where it is', async () => {
    const client = await ageing();
    await client.ask();
    await settle();
    expect(await client.ask()).toBe('token-1');
    expect(client.events.find(({ type }) => type === 'discarded')).toMatchObject({ reason });
    expect(client.events.find(({ type }) => type === 'failed')).toMatchObject({ code: 'ERR_TOKEN_RESPONSE' });
  });

  test('is a failed renewal, and does not loop', async () => {
    const client = await ageing();
    for (let time = 0; time < 3 * minute; time += 50) {
      expect(await client.ask()).toBe('token-1');
      client.clock.advance(50);
    }
    await fate(client.ask());
    expect(client.requestCount).toBeLessThan(20);
  });

  test('serves the current token to those who waited for something better', async () => {
    const client = await clientWithToken({ expires_in: 1200 });
    client.clock.advance(20 * minute - 2 * second);
    const asked = client.askTimes(2);
    await client.server.answer({ ...fields, expires_in: reason === 'same-token' ? 3600 : 1 });
    expect(await Promise.all(asked)).toEqual(['token-1', 'token-1']);
  });

  test('keeps nobody from a new token when the current one has expired', async () => {
    const client = await ageing();
    for (let time = 0; time < 4 * minute; time += second) {
      await client.ask();
      client.clock.advance(second);
    }
    client.server.onRequest = (request) => request.answer();
    expect(await client.ask()).toBe(`token-${client.requestCount}`);
  });
});

test('a renewal that brings a token that expires at the same time is of no use', async () => {
  const exp = new Client().clock.now() / second + 3600;
  const client = await clientWithToken({ access_token: jwt(exp), expires_in: undefined });
  client.server.onRequest = (request) => request.answer({ access_token: `${jwt(exp)}2`, expires_in: undefined });
  client.clock.advance(56 * minute);
  await fate(client.ask());
  expect(await client.ask()).toBe(jwt(exp));
  expect(client.events).toContainEqual(expect.objectContaining({ type: 'discarded', reason: 'earlier-expiry' }));
});

test('a token that has expired may come again, with a new life', async () => {
  const client = await clientWithToken();
  client.clock.advance(hour);
  client.server.onRequest = (request) => request.answer({ access_token: 'token-1' });
  expect(await client.ask()).toBe('token-1');
  expect(await fate(client.ask())).toBe('token-1');
  expect(client.requestCount).toBe(2);
});

test('a token that had expired when it arrived is asked for once more, and never handed out', async () => {
  const client = new Client();
  const asked = client.askTimes(2);
  for (const requestCount of [1, 2]) {
    expect(await tally(asked)).toEqual({ waits: 2 });
    expect(client.requestCount).toBe(requestCount);
    client.clock.advance(4 * second);
    await client.server.answer({ expires_in: 4 });
  }
  expect(await tally(asked)).toEqual({ ERR_TOKEN_RESPONSE: 2 });
  expect(await failure(client.ask())).toMatchObject({
    transient: true,
    message: 'the token had expired when it arrived',
  });
  expect(client.requestCount).toBe(2);
});

test('a late answer does not replace a newer token', async () => {
  const client = new Client();
  const controller = new AbortController();
  const first = client.ask({ signal: controller.signal });
  await fate(first);
  controller.abort(new Error('changed my mind'));
  await expect(first).rejects.toThrow('changed my mind');
  const next = client.ask();
  await client.server.answer({ expires_in: 60 });
  client.server.requests[0]?.answer({ expires_in: 3600 });
  expect(await next).toBe('token-2');
  expect(await fate(client.ask())).toBe('token-2');
});
