import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { jwtBearer, proofKey, type TokenEvent, type TokenSourceOptions } from '../src/index.ts';
import {
  answer,
  answerTokenRequests,
  expectNoSecretIn,
  failureOf,
  formOf,
  misuse,
  source,
  token,
  tokenValue,
} from './support.ts';
import { hour, minute, second, shift, untimedClock } from './test-clock.ts';

/** A `fetch` that answers with tokens, and what it was called with. */
function recording(
  answerTo: (init: RequestInit, count: number) => Response | Error = () => Response.json({ access_token: 'a' }),
) {
  const calls: RequestInit[] = [];
  const send = async (_: unknown, init: RequestInit = {}): Promise<Response> => {
    calls.push(init);
    const answered = answerTo(init, calls.length);
    if (answered instanceof Error) throw answered;
    return answered;
  };
  return { calls, fetch: send as typeof fetch };
}

describe('the headers of a token request', () => {
  test('are those of the option, a function being asked each time', async () => {
    let count = 0;
    const { calls, fetch } = recording(() => Response.json({ access_token: 'a', expires_in: 0 }));
    const running = source({
      fetch,
      headers: { 'x-api-key': 'gateway', 'x-request': async () => `request-${++count}` },
    });
    await running.getToken();
    await running.getToken();
    const sent = calls.map(({ headers }) => new Headers(headers));
    expect(sent.map((headers) => [headers.get('x-api-key'), headers.get('x-request')])).toEqual([
      ['gateway', 'request-1'],
      ['gateway', 'request-2'],
    ]);
    expect(sent[0]?.get('content-type')).toContain('application/x-www-form-urlencoded');
  });

  test('are in no error', async () => {
    answerTokenRequests({
      status: 400,
      body: { error: 'invalid_request', error_description: 'key gateway-7 unknown' },
    });
    const error = await failureOf(source({ headers: { 'x-api-key': 'gateway-7' } }).getToken());
    expect(error.message).toContain('[redacted]');
    expect(error.message).not.toContain('gateway-7');
  });

  test('fail the request when their function does', async () => {
    const broken = source({ headers: { 'x-key': () => Promise.reject(new Error('no key')) } });
    expect(await failureOf(broken.getToken())).toMatchObject({ cause: { message: 'no key' } });
  });

  test.each<[string, unknown, string]>([
    ['the credentials', { Authorization: 'Basic x' }, 'headers must not set "Authorization"'],
    ['a proof', { dpop: 'x' }, 'headers must not set "dpop"'],
    ['the content type', { 'Content-Type': 'application/json' }, 'headers must not set "Content-Type"'],
    ['a name with a space', { 'x y': 'z' }, 'name'],
    ['a value that is a number', { 'x-y': 7 }, 'headers.x-y'],
    ['a Map', new Map(), 'headers must be an object'],
  ])('cannot be %s', (_, headers, message) => {
    expect(misuse(() => source({ headers: headers as never }))).toContain(message);
  });

  test('keep answers out of caches', async () => {
    const { calls, fetch } = recording();
    await source({ fetch }).getToken();
    expect(calls).toMatchObject([{ cache: 'no-store', redirect: 'manual' }]);
  });

  test('say nothing of caches to a runtime that does not know them', async () => {
    const unknown = new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.");
    const { calls, fetch } = recording((init) =>
      'cache' in init ? unknown : Response.json({ access_token: 'a', expires_in: 0 }),
    );
    const running = source({ fetch });
    await running.getToken();
    await running.getToken();
    expect(calls.map((init) => 'cache' in init)).toEqual([true, false, false]);
  });
});

test('a fetch whose bodies are Node streams brings tokens, too', async () => {
  const body = Readable.from([JSON.stringify({ access_token: 'a' })]);
  const response = { status: 200, ok: true, headers: new Headers(), body, text: () => text(body) };
  const nodeFetch = (async () => response) as unknown as typeof fetch;
  expect(await source({ fetch: nodeFetch }).getToken()).toMatchObject({ value: 'a' });
});

describe('a client without an identifier', () => {
  const grant = jwtBearer({ assertion: 'an.assertion.c2ln' });

  test('sends none with an assertion', async () => {
    const received = answerTokenRequests();
    await source({ clientId: undefined, clientSecret: undefined, grant }).getToken();
    expect(formOf(received[0])).toEqual([
      ['assertion', 'an.assertion.c2ln'],
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    ]);
    expect(received[0]?.headers.has('authorization')).toBe(false);
  });

  test.each<[string, Partial<TokenSourceOptions>]>([
    ['for itself', { clientSecret: undefined }],
    ['with a secret', { grant }],
    ['with a way to authenticate', { grant, clientSecret: undefined, clientAuthentication: 'client_secret_post' }],
  ])('cannot ask for tokens %s', (_, options) => {
    expect(misuse(() => source({ clientId: undefined, ...options }))).toContain('clientId is required');
  });
});

const noon = Date.UTC(2026, 10, 23, 12);
const jwt = (exp: number, iat?: number): string =>
  `e30.${btoa(JSON.stringify({ exp: exp / second, ...(iat !== undefined && { iat: iat / second }) }))}.c2ln`;

const lasts = async (fields: object, options: object = {}, wall = 0): Promise<number | undefined> => {
  const clock = untimedClock();
  shift(clock, wall);
  answerTokenRequests(token(fields));
  const events: TokenEvent[] = [];
  await source({ clock, onEvent: (event) => events.push(event), ...options }).getToken();
  return events.find((event) => event.type === 'acquired')?.lifetime;
};
const unsaid = { expires_in: undefined };

describe('a token lasts', () => {
  test.each<[string, object, number]>([
    ['from iat to exp', { ...unsaid, access_token: jwt(noon + 5 * minute, noon) }, 5 * minute],
    ['for expires_in where that is less', { expires_in: 60, access_token: jwt(noon + 5 * minute, noon) }, minute],
    ['until exp where that is sooner', { expires_in: 3600, access_token: jwt(noon + 5 * minute, noon) }, 5 * minute],
  ])('%s, though the clock is ten minutes fast', async (_, fields, expected) => {
    expect(await lasts(fields, {}, 10 * minute)).toBe(expected);
  });

  test.each<[string, object]>([
    ['exp before iat', { access_token: jwt(noon, noon + hour) }],
    ['an iat in milliseconds', { access_token: jwt(noon + hour, noon * 1_000) }],
    ['numbers without an end', { access_token: `e30.${btoa('{"exp":1e400,"iat":1e400}')}.c2ln` }],
  ])('as expires_in says where a JWT makes no sense: %s', async (_, fields) => {
    expect(await lasts({ expires_in: 3600, ...fields })).toBe(hour);
  });

  test('until exp, which is a whole second, where the clock is right', async () => {
    expect(await lasts({ expires_in: 2, access_token: jwt(noon + 2 * second, noon) }, {}, 700)).toBe(1_300);
  });

  test.each<[string, object, object, number]>([
    ['five minutes', unsaid, {}, 5 * minute],
    ['as the option says', unsaid, { assumedLifetime: hour }, hour],
    ['no time, with an expires_in of 0', { expires_in: 0 }, {}, 0],
    ['as the option says, with an expires_in of 0', { expires_in: 0 }, { assumedLifetime: hour }, hour],
    ['as the option says, with an expires_in of -1', { expires_in: -1 }, { assumedLifetime: hour }, hour],
    ['as expires_in says, whatever the option', { expires_in: 60 }, { assumedLifetime: hour }, minute],
  ])('%s where nobody says', async (_, fields, options, expected) => {
    expect(await lasts(fields, options)).toBe(expected);
  });

  test('anew when the server sends it again and nobody says for how long', async () => {
    const clock = untimedClock();
    const { calls, fetch } = recording();
    const events: string[] = [];
    const running = source({ clock, fetch, timeout: hour, onEvent: ({ type }) => events.push(type) });
    for (let passed = 0; passed < hour; passed += 10 * second) {
      await running.getToken();
      clock.advance(10 * second);
    }
    expect(calls.length).toBeLessThanOrEqual(17);
    expect(events).not.toContain('failed');
  });
});

const seen = (events: TokenEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'revoked' ? event.atServer : []));

describe('revoke()', () => {
  test('goes to revocationEndpoint, where only the token endpoint is known', async () => {
    const endpoint = 'https://login.example.com/connect/revocation';
    answerTokenRequests();
    const events: TokenEvent[] = [];
    const running = source({ revocationEndpoint: endpoint, onEvent: (event) => events.push(event) });
    await running.getToken();
    const revoked = answer('POST', endpoint, {});
    await running.revoke();
    expect(new Map(formOf(revoked[0])).get('token')).toBe(tokenValue);
    expect(seen(events)).toEqual([true]);
  });

  test('says so where it can only drop the token', async () => {
    answerTokenRequests();
    const events: TokenEvent[] = [];
    const running = source({ onEvent: (event) => events.push(event) });
    await running.getToken();
    await running.revoke();
    expect(seen(events)).toEqual([false]);
  });

  test('that is refused is not called a token request', async () => {
    const endpoint = 'https://login.example.com/connect/revocation';
    answerTokenRequests();
    const running = source({ revocationEndpoint: endpoint });
    await running.getToken();
    answer('POST', endpoint, { status: 400, body: { error: 'invalid_request' } });
    const error = await failureOf(running.revoke());
    expect(error.message).toBe(`${endpoint} refused the revocation: invalid_request`);
    expectNoSecretIn(error);
  });
});

describe('a bearer token in answer to a proof', () => {
  test('is used, and told by an event', async () => {
    answerTokenRequests();
    const events: string[] = [];
    const running = source({ dpop: proofKey(), onEvent: ({ type }) => events.push(type) });
    expect(await running.getToken()).toMatchObject({ type: 'Bearer' });
    expect(events).toContain('unbound');
  });

  test('is an error where the key is required', async () => {
    answerTokenRequests();
    const error = await failureOf(source({ dpop: proofKey({ required: true }) }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_RESPONSE' });
    expect(error.message).toContain('not bound to the key of dpop');
  });
});

test('what a server says is redacted before it is cut to size, and takes no time to speak of', async () => {
  const secret = 'p4<ss>  w0rd-very-long';
  for (const body of [`no: ${secret}`, `<title>no: ${secret}</title>`, { message: `no: ${secret}` }]) {
    answerTokenRequests({ status: 403, body });
    const options = { clientSecret: secret, clientAuthentication: 'client_secret_post' } as const;
    const { message } = await failureOf(source(options).getToken());
    expect(message).toContain('(no: [redacted])');
  }
  for (const body of ['<'.repeat(900_000), '<title'.repeat(100_000)]) {
    answerTokenRequests({ status: 500, body });
    expect((await failureOf(source().getToken())).message.length).toBeLessThan(300);
  }
});

test('rate limits that come with an answer other than 429 are no reason to wait', async () => {
  answerTokenRequests({ status: 503, headers: { 'x-ratelimit-reset': '1800', 'x-ratelimit-remaining': '999' } });
  expect(await failureOf(source().getToken())).not.toHaveProperty('retryAfter');
});

test('a header that no header can carry is for somebody to put right', async () => {
  const error = await failureOf(source({ headers: { 'x-key': 'a\nb' } }).getToken());
  expect(error).toMatchObject({ transient: false });
  expect(error.message).toContain('headers.x-key');
});

test.each(['x-ratelimit-reset', 'x-rate-limit-reset'])(
  '%s counts as Retry-After, in seconds or as a time',
  async (name) => {
    const clock = untimedClock();
    for (const value of ['30', String(clock.now() / second + 30), String(clock.now() + 30 * second)]) {
      answerTokenRequests({ status: 429, headers: { [name]: value } });
      expect(await failureOf(source({ clock }).getToken())).toMatchObject({ retryAfter: 30 * second });
    }
  },
);

test('a source can be told nothing of a token that it does not hold', async () => {
  const { calls, fetch } = recording();
  const running = source({ fetch });
  running.refuse('old');
  await Promise.resolve();
  expect(calls).toHaveLength(0);
});

test('a source can be told that a token was refused, by whoever can only pull tokens', async () => {
  const { calls, fetch } = recording((_, count) => Response.json({ access_token: `token-${count}`, expires_in: 3600 }));
  const running = source({ fetch, clock: untimedClock() });
  await running.getToken();
  running.refuse('another');
  expect(await running.getToken()).toMatchObject({ value: 'token-1' });
  running.refuse('token-1');
  expect(await running.getToken()).toMatchObject({ value: 'token-2' });
  running.refuse('token-1');
  expect(await running.getToken()).toMatchObject({ value: 'token-2' });
  expect(calls).toHaveLength(2);
});
