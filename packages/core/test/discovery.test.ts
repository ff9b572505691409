import { describe, expect, test } from '@jest/globals';
import {
  answer,
  type Answer,
  answerTokenRequests,
  expectNoSecretIn,
  failureOf,
  issuer,
  type Received,
  source,
  token,
  tokenEndpoint,
  tokenValue,
} from './support.ts';
import { day, minute, second, untimedClock } from './test-clock.ts';

const oidc = '/.well-known/openid-configuration';
const oauth = '/.well-known/oauth-authorization-server';

const metadata = (fields: object = {}): Answer => ({ body: { issuer, token_endpoint: tokenEndpoint, ...fields } });
const notFound: Answer = { status: 404 };
const down: Answer = { status: 503 };
const html: Answer = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' };

const answerMetadata = (...answers: readonly Answer[]): Received[] => answer('GET', `${issuer}${oidc}`, ...answers);
const answerOAuthMetadata = (...answers: readonly Answer[]): Received[] =>
  answer('GET', `${issuer}${oauth}`, ...answers);

const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

describe('the metadata', () => {
  test('is found at the place of OpenID Connect Discovery, and asked for as JSON', async () => {
    const received = answerMetadata(metadata());
    const tokenRequests = answerTokenRequests();
    await expect(source({ issuer }).getToken()).resolves.toMatchObject({ value: tokenValue });
    expect(received).toMatchObject([{ method: 'GET', body: '' }]);
    expect(received[0]?.headers.get('accept')).toBe('application/json');
    expect(tokenRequests).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['has nothing', notFound],
    ['refuses', { status: 403 }],
    ['has a page', html],
    ['redirects', { status: 302, headers: { location: `${issuer}/login` } }],
  ])('is found at the place of RFC 8414 where the other one %s', async (_, first) => {
    answerMetadata(first);
    answer('GET', `${issuer}/login`, html);
    const received = answerOAuthMetadata(metadata());
    answerTokenRequests();
    await expect(source({ issuer }).getToken()).resolves.toMatchObject({ value: tokenValue });
    expect(received).toHaveLength(1);
  });

  const tenant = `${issuer}/tenant`;
  test.each([
    ['of an issuer with a path is behind that path', tenant, tenant, `${tenant}${oidc}`],
    ['of an issuer with a trailing slash has one slash', `${tenant}/`, `${tenant}/`, `${tenant}${oidc}`],
    ['of an issuer that is a host with a slash is the same', `${issuer}/`, `${issuer}/`, `${issuer}${oidc}`],
    ['may spell a host without the slash', `${issuer}/`, issuer, `${issuer}${oidc}`],
    ['may spell a host with the slash', issuer, `${issuer}/`, `${issuer}${oidc}`],
    ['is taken from its full URL', `${issuer}${oidc}`, issuer, `${issuer}${oidc}`],
    ['is taken from its full URL behind a path', `${tenant}${oidc}`, tenant, `${tenant}${oidc}`],
    ['is taken from its full URL at the place of RFC 8414', `${issuer}${oauth}`, issuer, `${issuer}${oauth}`],
    [
      'is taken from its full URL at the place of RFC 8414, before a path',
      `${issuer}${oauth}/tenant`,
      tenant,
      `${issuer}${oauth}/tenant`,
    ],
  ])('%s', async (_, given, itself, place) => {
    const received = answer('GET', place, metadata({ issuer: itself }));
    answerTokenRequests();
    await expect(source({ issuer: given }).getToken()).resolves.toMatchObject({ value: tokenValue });
    expect(received).toHaveLength(1);
  });

  test('of an issuer with a path is before that path at the place of RFC 8414', async () => {
    answer('GET', `${tenant}${oidc}`, notFound);
    answer('GET', `${issuer}${oauth}/tenant`, metadata({ issuer: tenant }));
    answerTokenRequests();
    await expect(source({ issuer: tenant }).getToken()).resolves.toMatchObject({ value: tokenValue });
  });

  test.each([
    ['OpenID Connect Discovery', `${tenant}${oidc}`],
    ['RFC 8414', `${issuer}${oauth}/tenant`],
  ])('by its full URL may belong to an issuer that ends in a slash (%s)', async (_, place) => {
    answer('GET', place, metadata({ issuer: `${tenant}/` }), metadata({ issuer: `${tenant}/` }));
    answerTokenRequests();
    await expect(source({ issuer: place }).getToken()).resolves.toMatchObject({ value: tokenValue });
  });

  test('names the token endpoint, which may be on another host', async () => {
    const elsewhere = 'https://tokens.example.com/t';
    answerMetadata(metadata({ token_endpoint: elsewhere }));
    const received = answer('POST', elsewhere, token());
    await source({ issuer }).getToken();
    expect(received).toHaveLength(1);
  });
});

describe('what is no usable metadata', () => {
  const cases: [string, Answer, code: string, message: string][] = [
    ['an issuer of another name', metadata({ issuer: 'https://evil.example.com' }), 'ERR_ISSUER_MISMATCH', 'evil'],
    ['an issuer of another path', metadata({ issuer: `${issuer}/tenant` }), 'ERR_ISSUER_MISMATCH', '/tenant"'],
    ['an issuer of another scheme', metadata({ issuer: 'http://login.example.com' }), 'ERR_ISSUER_MISMATCH', 'http:'],
    ['no issuer', metadata({ issuer: undefined }), 'ERR_DISCOVERY_RESPONSE', 'with an issuer'],
    ['an issuer that is no text', metadata({ issuer: 7 }), 'ERR_DISCOVERY_RESPONSE', 'with an issuer'],
    ['an issuer that is no URL', metadata({ issuer: 'login' }), 'ERR_DISCOVERY_RESPONSE', 'with an issuer'],
    ['a page in place of JSON', html, 'ERR_DISCOVERY_RESPONSE', 'it is text/html, not a JSON object'],
    ['an empty answer', {}, 'ERR_DISCOVERY_RESPONSE', 'not a JSON object'],
    ['a list', { body: '[]' }, 'ERR_DISCOVERY_RESPONSE', 'not a JSON object'],
    ['null', { body: 'null' }, 'ERR_DISCOVERY_RESPONSE', 'not a JSON object'],
    ['no token endpoint', metadata({ token_endpoint: undefined }), 'ERR_DISCOVERY_RESPONSE', 'has no token_endpoint'],
    ['a relative token endpoint', metadata({ token_endpoint: '/t' }), 'ERR_DISCOVERY_RESPONSE', 'is no URL'],
    [
      'a token endpoint on http',
      metadata({ token_endpoint: 'http://login.example.com/t' }),
      'ERR_DISCOVERY_RESPONSE',
      'http://login.example.com/t does not use https',
    ],
    [
      'a token endpoint on http and loopback, for an issuer on https',
      metadata({ token_endpoint: 'http://127.0.0.1/t' }),
      'ERR_DISCOVERY_RESPONSE',
      'does not use https',
    ],
    ['a token endpoint on no HTTP', metadata({ token_endpoint: 'data:,x' }), 'ERR_DISCOVERY_RESPONSE', 'https'],
    ['nothing', notFound, 'ERR_DISCOVERY_REQUEST', 'status 404'],
    [
      'no answer but a redirect elsewhere',
      { status: 301, headers: { location: 'https://evil.com/a?b=c' } },
      'ERR_DISCOVERY_REQUEST',
      'status 301 that leads to https://evil.com/a',
    ],
  ];

  test.each(cases)('%s is refused, and its place named', async (_, answered, code, message) => {
    answerMetadata(answered);
    answerOAuthMetadata(notFound);
    const tokenRequests = answerTokenRequests();
    const error = await failureOf(source({ issuer }).getToken());
    expect(error).toMatchObject({ code, transient: false });
    expect(error.message).toContain(`${issuer}${oidc}`);
    expect(error.message).toContain(message);
    expect(tokenRequests).toEqual([]);
    expectNoSecretIn(error);
  });

  test('the issuer of another name is told, without control characters', async () => {
    answerMetadata(metadata({ issuer: 'https://evil.example.com/\u001B[31m\n' }));
    const { message } = await failureOf(source({ issuer }).getToken());
    expect(message).toContain('belongs to the issuer "https://evil.example.com/%1B[31m"');
    expect(message).toContain(`not to "${issuer}/"`);
  });

  test('a redirect to another origin is not followed', async () => {
    const elsewhere = answer('GET', 'https://login.example.org/metadata', metadata());
    answerMetadata(redirect('https://login.example.org/metadata'));
    answerOAuthMetadata(redirect('https://login.example.org/metadata'));
    await expect(failureOf(source({ issuer }).getToken())).resolves.toMatchObject({ status: 302 });
    expect(elsewhere).toEqual([]);
  });

  test('a redirect within the origin is followed, and not for ever', async () => {
    answerMetadata(redirect('/tenant/metadata'));
    answer('GET', `${issuer}/tenant/metadata`, metadata());
    answerTokenRequests();
    await expect(source({ issuer }).getToken()).resolves.toMatchObject({ value: tokenValue });

    answerMetadata(redirect('/round'));
    answer('GET', `${issuer}/round`, ...Array<Answer>(5).fill(redirect('/round')));
    answerOAuthMetadata(notFound);
    await expect(failureOf(source({ issuer }).getToken())).resolves.toMatchObject({ status: 302 });
  });

  test('that is at neither place is told with both, and with what to do', async () => {
    answer('GET', `${issuer}/tenant${oidc}`, notFound);
    answer('GET', `${issuer}/.well-known/oauth-authorization-server/tenant`, notFound);
    const { message, status } = await failureOf(source({ issuer: `${issuer}/tenant` }).getToken());
    expect(status).toBe(404);
    expect(message).toContain(`${issuer}/tenant${oidc} and ${issuer}/.well-known/oauth-authorization-server/tenant`);
    expect(message).toContain('tokenEndpoint');
  });

  test.each<[string, string, boolean]>([
    ['of a template', `${issuer}/{tenantid}/v2.0`, false],
    ['on plain http, behind a proxy', 'http://login.example.com', false],
    ['at another path', `${issuer}/elsewhere`, true],
  ])('of another issuer, %s, is refused with advice that can be followed', async (_, other, reachable) => {
    answerMetadata(metadata({ issuer: other }));
    const { code, message } = await failureOf(source({ issuer }).getToken());
    expect(code).toBe('ERR_ISSUER_MISMATCH');
    expect(message).toContain('give tokenEndpoint instead');
    expect(message.includes('pass the former as issuer')).toBe(reachable);
  });

  test('is read where it was given, in full, though that is not where its issuer puts it', async () => {
    const given = `${issuer}/tenant/.well-known/oauth-authorization-server`;
    const received = answer('GET', given, metadata({ issuer: `${issuer}/tenant` }));
    answerTokenRequests();
    await expect(source({ issuer: given }).getToken()).resolves.toMatchObject({ value: tokenValue });
    expect(received).toHaveLength(1);
  });

  test('a token endpoint on http is accepted from an issuer on loopback, or with allowInsecureRequests', async () => {
    const local = 'http://localhost:5000';
    answer('GET', `${local}${oidc}`, metadata({ issuer: local, token_endpoint: `${local}/t` }));
    answer('POST', `${local}/t`, token());
    await expect(source({ issuer: local }).getToken()).resolves.toMatchObject({ value: tokenValue });

    const inside = 'http://login.internal';
    answer('GET', `${inside}${oidc}`, metadata({ issuer: inside, token_endpoint: `${inside}/t` }));
    answer('POST', `${inside}/t`, token());
    const insecure = source({ issuer: inside, allowInsecureRequests: true });
    await expect(insecure.getToken()).resolves.toMatchObject({ value: tokenValue });
  });

  test('a token endpoint on no HTTP is refused even with allowInsecureRequests', async () => {
    answerMetadata(metadata({ token_endpoint: 'ftp://login.example.com/t' }));
    answerOAuthMetadata(notFound);
    const error = await failureOf(source({ issuer, allowInsecureRequests: true }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_RESPONSE' });
  });

  test('a token endpoint on http elsewhere is refused even from an issuer on loopback', async () => {
    const local = 'http://localhost:5000';
    answer('GET', `${local}${oidc}`, metadata({ issuer: local, token_endpoint: 'http://login.example.com/t' }));
    answer('GET', `${local}${oauth}`, notFound);
    const error = await failureOf(source({ issuer: local }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_RESPONSE' });
  });
});

describe('a server that does not answer', () => {
  test.each([500, 502, 503, 429])('with status %i is not asked at the other place', async (status) => {
    answerMetadata({ status, headers: { 'retry-after': '7' } });
    const elsewhere = answerOAuthMetadata(metadata());
    const error = await failureOf(source({ issuer }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', status, transient: true, retryAfter: 7 * second });
    expect(elsewhere).toEqual([]);
  });

  test('is unreachable', async () => {
    const error = await failureOf(source({ issuer }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', transient: true });
    expect(error).not.toHaveProperty('status');
    expect(error.message).toContain(`${issuer}${oidc}`);
  });

  test('fails with the second place when that is down', async () => {
    answerMetadata(notFound);
    answerOAuthMetadata(down);
    const error = await failureOf(source({ issuer }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', status: 503, transient: true });
    expect(error.message).toContain(oauth);
  });

  test('has as long as the whole acquisition', async () => {
    const error = await failureOf(source({ issuer, fetch: () => new Promise(() => {}), timeout: 20 }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT', transient: true });
    expect(error.message).toContain(issuer);
  });
});

/** A source whose server answers at once: with a token, and with these answers where its metadata is. */
function longRunning(...answers: Answer[]) {
  const clock = untimedClock();
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    const url = input as string;
    asked.push(url.replace(issuer, ''));
    const { status = 200, body = '' } = url.endsWith(oidc) ? (answers.shift() ?? notFound) : token();
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  const running = source({ issuer, clock, fetch: send });
  return {
    asked,
    timesAsked: () => asked.filter((url) => url === oidc).length,
    /** Lets time pass, asks for a token, and lets all end that goes on in the background. */
    tokenAfter: async (milliseconds: number): Promise<string> => {
      clock.advance(milliseconds);
      const { value } = await running.getToken();
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      return value;
    },
  };
}

describe('the metadata that is known', () => {
  test('is fetched once for a herd', async () => {
    const received = answerMetadata(metadata());
    const tokenRequests = answerTokenRequests(...Array.from({ length: 20 }, () => token()));
    const base = source({ issuer });
    await Promise.all(Array.from({ length: 200 }, (_, i) => base.with({ scope: `s${i % 20}` }).getToken()));
    expect([received.length, tokenRequests.length]).toEqual([1, 20]);
  });

  test('is not waited for longer than anybody wants it: then its request ends, and the next caller makes another', async () => {
    const signals: AbortSignal[] = [];
    const silent = (_: unknown, init?: RequestInit): Promise<Response> => {
      signals.push(init?.signal as AbortSignal);
      return new Promise(() => {});
    };
    const one = source({ issuer, fetch: silent });
    const [first, last] = [new AbortController(), new AbortController()];
    const asked = [first, last].map(({ signal }) => one.getToken({ signal }).catch((reason: unknown) => reason));
    await new Promise(setImmediate);
    first.abort('tired');
    await expect(asked[0]).resolves.toBe('tired');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    last.abort('too');
    await expect(asked[1]).resolves.toBe('too');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    const next = new AbortController();
    const again = one.getToken({ signal: next.signal }).catch(() => 'left');
    await new Promise(setImmediate);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    next.abort();
    await again;
  });

  test('is kept for a day', async () => {
    const { tokenAfter, timesAsked } = longRunning(metadata());
    await tokenAfter(0);
    await tokenAfter(day - second);
    expect(timesAsked()).toBe(1);
  });

  test('is refreshed in the background after a day', async () => {
    const { tokenAfter, asked, timesAsked } = longRunning(metadata(), metadata({ token_endpoint: `${issuer}/moved` }));
    await tokenAfter(0);
    await tokenAfter(day);
    await tokenAfter(day / 2);
    expect(asked.filter((url) => url !== oidc)).toEqual(['/connect/token', '/connect/token', '/moved']);
    expect(timesAsked()).toBe(2);
  });

  test('serves for a week of failures, each of which is followed by another attempt', async () => {
    const outage = Array.from({ length: 9 }, () => down);
    const { tokenAfter, timesAsked } = longRunning(metadata(), ...outage, metadata());
    await tokenAfter(0);
    for (let days = 1; days <= 7; days++) await expect(tokenAfter(day)).resolves.toBe(tokenValue);
    await expect(tokenAfter(day)).resolves.toBe(tokenValue);
    expect(timesAsked()).toBe(9);
    const error = await failureOf(tokenAfter(day / 2));
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', status: 503 });
    await expect(tokenAfter(minute)).resolves.toBe(tokenValue);
    expect(timesAsked()).toBe(11);
  });

  test.each<[string, Answer]>([
    ['an outage', down],
    ['a page', { body: '<!doctype html>' }],
    ['another issuer', metadata({ issuer: 'https://evil.example.com' })],
  ])('is never a failure: after %s it is asked for again', async (_, failure) => {
    const { tokenAfter, timesAsked } = longRunning(failure, metadata());
    await failureOf(tokenAfter(0));
    await expect(tokenAfter(minute)).resolves.toBe(tokenValue);
    expect(timesAsked()).toBe(2);
  });
});
