import { describe, expect, test } from '@jest/globals';
import { OAuthError, type TokenError } from '../src/index.ts';
import {
  type Answer,
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
import { day, hour, minute, second, untimedClock } from './test-clock.ts';

/** What a source makes of one answer. */
async function failureAfter(answer: Answer): Promise<TokenError> {
  answerTokenRequests(answer);
  return failureOf(source({ clientAuthentication: 'client_secret_post' }).getToken());
}

const json = { 'content-type': 'application/json' };
const page = '<!doctype html><title>Sign in</title>';

/** A JWT that expires then. */
const expiring = (exp: unknown): string => `e30.${btoa(JSON.stringify({ exp }))}.c2ln`;

describe('a success that is no token response', () => {
  test.each<[string, Answer, message: string]>([
    ['a page', { headers: { 'content-type': 'text/html' }, body: page }, 'not a JSON object'],
    ['a page that claims to be JSON', { headers: json, body: page }, 'not a JSON object'],
    ['an empty answer', {}, 'not a JSON object'],
    ['no content', { status: 204 }, 'not a JSON object'],
    ['JSON that is cut off', { body: `{"access_token":"${tokenValue}` }, 'not a JSON object'],
    ['a list', { body: [token().body] }, 'not a JSON object'],
    ['null', { body: 'null' }, 'not a JSON object'],
    ['text', { body: JSON.stringify(tokenValue) }, 'not a JSON object'],
    ['an empty object', { body: {} }, 'access_token'],
    ['no access_token', token({ access_token: undefined }), 'access_token'],
    ['an empty access_token', token({ access_token: '' }), 'access_token'],
    ['an access_token that is null', token({ access_token: null }), 'access_token'],
    ['an access_token that is a number', token({ access_token: 7 }), 'access_token'],
    ['an access_token that is an object', token({ access_token: { value: tokenValue } }), 'access_token'],
    ['an access_token by prototype', { body: `{"__proto__":{"access_token":"${tokenValue}"}}` }, 'access_token'],
    ['a line feed in the token', token({ access_token: `${tokenValue}\nX-Evil: 1` }), 'no header can carry'],
    ['a control character in the token', token({ access_token: `${tokenValue}\u0000` }), 'no header can carry'],
    ['a space in the token', token({ access_token: `Bearer ${tokenValue}` }), 'no header can carry'],
    ['a letter beyond ASCII in the token', token({ access_token: `${tokenValue}é` }), 'no header can carry'],
    ['a token_type of another kind', token({ token_type: 'mac' }), 'token_type'],
    ['a token_type that needs a proof', token({ token_type: 'DPoP' }), 'token_type'],
    ['a token_type that is a number', token({ token_type: 7 }), 'token_type'],
    ['a token_type that no client can send', token({ token_type: 'N_A' }), 'token_type n_a cannot be sent as Bearer'],
    ['a token_type in a list', token({ token_type: ['Bearer'] }), 'token_type must be Bearer or DPoP'],
    ['a token_type that cannot be text', token({ token_type: { toString: 7 } }), 'token_type must be Bearer or DPoP'],
    ['a scope that is a number', token({ scope: 7 }), 'scope'],
  ])('%s is refused, with the endpoint named and nothing shown of it', async (_, answer, message) => {
    const error = await failureAfter(answer);
    expect(error).toMatchObject({ code: 'ERR_TOKEN_RESPONSE', status: answer.status ?? 200, transient: false });
    expect(error).not.toBeInstanceOf(OAuthError);
    expect(error.message).toContain(`the answer of ${tokenEndpoint} is no token response`);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('<');
    expectNoSecretIn(error);
  });

  test('an error that comes as a success is that error', async () => {
    const error = await failureAfter({ body: { error: 'invalid_client', access_token: tokenValue } });
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({ code: 'ERR_OAUTH_RESPONSE', error: 'invalid_client', status: 200 });
    expectNoSecretIn(error);
  });
});

describe('a token response', () => {
  const clock = untimedClock();
  const inAnHour = clock.now() + hour;

  test.each<[string, object, object]>([
    ['expires when it says', { expires_in: 3600 }, { expiresAt: inAnHour }],
    ['may say so as text', { expires_in: '3600' }, { expiresAt: inAnHour }],
    ['may say so as a fraction', { expires_in: 0.5 }, { expiresAt: clock.now() + 500 }],
    ['may expire after forty days', { expires_in: 3_456_000 }, { expiresAt: clock.now() + 40 * day }],
    ['is not believed to last for ever', { expires_in: 1e300 }, { expiresAt: clock.now() + 366 * day }],
    ['need not say when it expires', { expires_in: undefined }, { expiresAt: undefined }],
    ['may say it with null', { expires_in: null }, { expiresAt: undefined }],
    [
      'expires with its JWT',
      { expires_in: undefined, access_token: expiring(inAnHour / second) },
      { expiresAt: inAnHour },
    ],
    ['may be a JWT without exp', { expires_in: undefined, access_token: expiring('x') }, { expiresAt: undefined }],
    ['may only look like a JWT', { expires_in: undefined, access_token: 'a.!.c' }, { expiresAt: undefined }],
    ['may leave out the type', { token_type: undefined }, { type: 'Bearer' }],
    ['may spell the type in any case', { token_type: 'bEARER' }, { type: 'Bearer' }],
    ['may leave the type empty', { token_type: '' }, { type: 'Bearer' }],
    ['may have another name for it', { token_type: 'BearerToken' }, { type: 'Bearer' }],
    ['may have a long name for it', { token_type: 'Application Access Token' }, { type: 'Bearer' }],
    ['may call it by its grant', { token_type: 'jwt-bearer' }, { type: 'Bearer' }],
    ['may send an empty error with it', { error: '' }, { type: 'Bearer' }],
    ['may narrow or widen the scope', { scope: 'a b' }, { scope: 'a b' }],
    ['may list the scope', { scope: ['a', 'b'] }, { scope: 'a b' }],
    ['need not tell the scope', { scope: null }, { scope: undefined }],
    ['may hold further fields', { id_token: 7, refresh_token: null, ['x']: {} }, { value: tokenValue }],
  ])('%s', async (_, fields, expected) => {
    answerTokenRequests(token(fields));
    await expect(source({ clock }).getToken()).resolves.toMatchObject(expected);
  });

  test.each([0, -1, '0', '', 'soon', true, {}, []])('with expires_in %j serves once and is not kept', async (value) => {
    const received = answerTokenRequests(token({ expires_in: value }), token());
    const short = source();
    await expect(short.getToken()).resolves.toMatchObject({ value: tokenValue, expiresAt: undefined });
    await short.getToken();
    expect(received).toHaveLength(2);
  });

  test.each([undefined, null])('with expires_in %j is kept for five minutes', async (value) => {
    const time = untimedClock();
    const received = answerTokenRequests(token({ expires_in: value }), token());
    const assumed = source({ clock: time });
    await assumed.getToken();
    time.advance(200 * second);
    await assumed.getToken();
    expect(received).toHaveLength(1);
    time.advance(100 * second);
    await assumed.getToken();
    expect(received).toHaveLength(2);
  });

  test('may begin with a byte order mark, whatever its type', async () => {
    answerTokenRequests({ headers: { 'content-type': 'text/plain' }, body: `\uFEFF${JSON.stringify(token().body)}` });
    await expect(source().getToken()).resolves.toMatchObject({ value: tokenValue });
  });
});

describe('an OAuth error', () => {
  test.each([400, 401, 403])('of status %i keeps all that the server says', async (status) => {
    const error = await failureAfter({
      status,
      body: { error: 'invalid_scope', error_description: 'No such scope: x.', error_uri: 'https://docs.example.com/' },
    });
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({
      name: 'OAuthError',
      code: 'ERR_OAUTH_RESPONSE',
      error: 'invalid_scope',
      errorDescription: 'No such scope: x.',
      errorUri: 'https://docs.example.com/',
      status,
      transient: false,
      message: `${tokenEndpoint} refused the token request: invalid_scope (No such scope: x.)`,
    });
  });

  test('may give a reason in place of a description', async () => {
    const error = await failureAfter({ status: 400, body: { error: 'invalid_client', reason: 'No such app' } });
    expect(error).toMatchObject({ errorDescription: 'No such app' });
  });

  test.each(['temporarily_unavailable', 'server_error'])('%s may pass by itself', async (error) => {
    expect(await failureAfter({ status: 400, body: { error } })).toMatchObject({ error, transient: true });
  });

  test.each<[string, string]>([
    ['as it is', clientSecret],
    ['as the form has it', new URLSearchParams([['client_secret', clientSecret]]).toString()],
    ['as the header has it', `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret)}`)}`],
  ])('that repeats the secret %s does not show it', async (_, echo) => {
    const error = await failureAfter({
      status: 400,
      body: {
        error: 'invalid_client',
        error_description: `wrong: ${echo}`,
        error_uri: `https://x.example.com/${echo}`,
      },
    });
    expect(error).toMatchObject({ error: 'invalid_client', errorDescription: expect.stringContaining('[redacted]') });
    expectNoSecretIn(error);
  });

  test('is told without control characters, and not at any length', async () => {
    const description = `\u001B[31mred\r\n${'x'.repeat(10_000)}`;
    const error = await failureAfter({ status: 400, body: { error: 'bad\n', error_description: description } });
    expect(error.message).toMatch(/refused the token request: bad {2}\( \[31mred {2}x+\)$/);
    expect(error.message.length).toBeLessThan(700);
  });

  test.each([undefined, 7, ''])('need not have a description: %j is none', async (description) => {
    const error = await failureAfter({
      status: 400,
      body: { error: 'invalid_client', error_description: description },
    });
    expect(error.message).toBe(`${tokenEndpoint} refused the token request: invalid_client`);
    expect(error).not.toHaveProperty('errorDescription');
    expect(error).not.toHaveProperty('errorUri');
  });
});

describe('a refusal without an OAuth error', () => {
  test.each<[string, Answer, string | undefined]>([
    ['a page', { status: 400, body: page }, 'Sign in'],
    ['an empty answer that is typed as JSON', { status: 401, headers: json }, undefined],
    ['another empty one', { status: 403, headers: json }, undefined],
    ['a list', { status: 400, body: [{ error: 'invalid_client' }] }, '[{"error":"invalid_client"}]'],
    ['an error that is an object', { status: 400, body: { error: { code: 'E190', message: 'no' } } }, 'E190, no'],
    ['an error by prototype', { status: 400, body: '{"__proto__":{"error":"invalid_client"}}' }, 'invalid_client'],
    ['a wrong path', { status: 404, body: page }, 'Sign in'],
    ['a wrong method', { status: 405 }, undefined],
    [
      'an answer of Okta',
      { status: 403, body: { errorCode: 'E0000006', errorSummary: 'No permission', errorId: 'oae7' } },
      'E0000006, No permission',
    ],
    [
      'an answer of Apigee',
      { status: 401, body: { fault: { faultstring: 'Bad credentials', detail: { errorcode: 'x.y' } } } },
      'Bad credentials, x.y',
    ],
    [
      'problem+json',
      { status: 403, body: { type: 'about:blank', title: 'Forbidden', detail: 'IP not allowed' } },
      'Forbidden, IP not allowed',
    ],
    ['a reason', { status: 400, body: { reason: 'Bad request' } }, 'Bad request'],
    ['a lone error_description', { status: 400, body: { error_description: 'No such app' } }, 'No such app'],
    ['plain text', { status: 403, body: '  Access denied\n by policy ' }, 'Access denied by policy'],
    ['a page without a title', { status: 502, body: '<h1>Bad gateway</h1>' }, 'Bad gateway'],
  ])('%s is told by its status, and by what it says', async (_, answer, words) => {
    const error = await failureAfter(answer);
    expect(error).not.toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      status: answer.status,
      transient: answer.status === 502,
    });
    expect(error.message).toMatch(`${tokenEndpoint} answered with status ${answer.status}`);
    expect(/ \((.*)\)(;|$)/.exec(error.message)?.[1]).toBe(words);
    expectNoSecretIn(error);
  });

  test.each([408, 429, 500, 502, 503, 504])('status %i may pass by itself, whatever its body', async (status) => {
    const error = await failureAfter({ status, body: { error: 'temporarily_unavailable' } });
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status, transient: true });
    expect(error.message).toBe(`${tokenEndpoint} answered with status ${status} (temporarily_unavailable)`);
    expect(error).not.toHaveProperty('retryAfter');
  });

  test.each<[string, string, number | undefined]>([
    ['in seconds', '7', 7 * second],
    ['with blanks around', ' 7 ', 7 * second],
    ['as a date', 'Mon, 23 Nov 2026 12:00:30 GMT', 30 * second],
    ['as a date in an old format', 'Monday, 23-Nov-26 12:00:30 GMT', 30 * second],
    ['for an hour, which is cut to five minutes', '3600', 5 * minute],
    ['of no time', '0', undefined],
    ['until a time that has passed', 'Mon, 23 Nov 2026 11:59:59 GMT', undefined],
    ['of less than no time', '-1', undefined],
    ['in fractions', '1.5', undefined],
    ['in words', 'soon', undefined],
  ])('its Retry-After %s is read', async (_, value, expected) => {
    const error = await failureAfter({ status: 503, headers: { 'retry-after': value } });
    expect(error.retryAfter).toBe(expected);
  });
});

/** A `fetch` that puts all that it knows into its errors. */
const talkative: typeof fetch = async (_, init) => {
  const body = init?.body as URLSearchParams | undefined;
  const inner = Object.assign(new Error(`sent ${body?.toString()}`), { config: init, code: 'ECONNRESET' });
  throw new Error(`could not send client_secret=${body?.get('client_secret')}`, { cause: inner });
};

describe('a fetch that fails', () => {
  test('is told with its reason', async () => {
    const error = await failureOf(source().getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
    expect(error.message).toContain(`${tokenEndpoint} could not be reached`);
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    expectNoSecretIn(error);
  });

  test('does not show the request that it puts into its error', async () => {
    const error = await failureOf(source({ fetch: talkative }).getToken());
    expect(error.cause).toMatchObject({ cause: { code: 'ECONNRESET' } });
    expectNoSecretIn(error);
  });

  test('ends at the deadline even where it knows no signals', async () => {
    const deaf = source({ fetch: () => new Promise(() => {}), timeout: 20 });
    await expect(failureOf(deaf.getToken())).resolves.toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
  });
});
