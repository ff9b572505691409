import { describe, expect, jest, test } from '@jest/globals';
import { accessToken } from '../src/common/access-token.ts';
import { type AccessToken, TokenError, type TokenEvent, type TokenSource } from '../src/index.ts';
import { type AuthorizedRequest, Authorizer, type IncomingResponse } from '../src/adapter.ts';
import { answerTokenRequests, misuse, source, token, tokenEndpoint, tokenValue } from './support.ts';

const api = 'https://api.example.com';
const url = `${api}/orders`;

/** A source that gives tokens one after another, the last one for ever; an error in their place is thrown. */
function fakeSource(...values: (string | Error)[]) {
  const getToken = jest.fn<TokenSource['getToken']>(async () => {
    const value = values.length > 1 ? values.shift() : values[0];
    if (typeof value !== 'string') throw value;
    return accessToken({ value, type: 'Bearer', expiresAt: undefined, scope: undefined });
  });
  return { getToken };
}

/** A source of one's own whose `getToken` returns this, and no promise. */
const immediate = (brought: unknown): TokenSource => ({ getToken: () => brought as never });

/** A token that cannot be read. */
const throwing = (name: string): object =>
  Object.defineProperty({ value: 'sesame' }, name, {
    get() {
      throw new Error('sesame');
    },
  });

/** A first attempt of a request to the API, with the token `first`. */
async function firstAttempt(fake: TokenSource, request: object = {}): Promise<AuthorizedRequest> {
  const attempt = await new Authorizer(fake, api).authorize({ url, ...request });
  if (attempt === undefined) throw new Error('the request should carry a token');
  return attempt;
}

const unauthorized: IncomingResponse = { status: 401, headers: {} };
const challenged = (challenge: string | string[]): IncomingResponse => {
  return { status: 401, headers: { 'www-authenticate': challenge } };
};

describe('a request', () => {
  test('to an allowed origin carries the token', async () => {
    const fake = fakeSource('first');
    const { signal } = new AbortController();
    const attempt = await firstAttempt(fake, { signal });
    expect(attempt.headers['authorization']).toBe('Bearer first');
    expect(fake.getToken.mock.calls).toEqual([[{ signal }]]);
  });

  test.each<[string, object]>([
    ['to another origin', { url: 'https://evil.com/orders' }],
    ['to the same host without https', { url: 'http://api.example.com/orders' }],
    ['with an Authorization header of its own', { headers: { Authorization: 'Basic eDp5' } }],
    ['with one in a Headers', { headers: new Headers({ authorization: 'Basic eDp5' }) }],
    ['with one in a Map', { headers: new Map([['Authorization', 'Basic eDp5']]) }],
    [
      'with one among pairs',
      {
        headers: [
          ['accept', '*/*'],
          ['Authorization', 'Basic eDp5'],
        ],
      },
    ],
    ['with one behind another that is undefined', { headers: { Authorization: undefined, authorization: 'Basic a' } }],
    ['with one in a flat list', { headers: ['accept', '*/*', 'AUTHORIZATION', 'Basic eDp5'] }],
    ['with bearerAuth: false', { bearerAuth: false }],
  ])('%s carries none, and none is asked for', (_, request) => {
    const fake = fakeSource('first');
    expect(new Authorizer(fake, api).authorize({ url, ...request })).toBeUndefined();
    expect(fake.getToken).not.toHaveBeenCalled();
  });

  test.each<[string, object | null | undefined]>([
    ['undefined', undefined],
    ['null', null],
    ['an object without an Authorization', { accept: '*/*', get: 'no function' }],
    ['an Authorization that is undefined', { authorization: undefined }],
    ['an Authorization that is empty', { authorization: '' }],
    ['a Headers', new Headers({ accept: 'authorization' })],
    ['a list in which it is a value only', ['x-name', 'authorization', 'x-other', 'Basic eDp5']],
  ])('whose headers are %s carries the token', async (_, headers) => {
    await expect(firstAttempt(fakeSource('first'), { headers })).resolves.toBeDefined();
  });

  test('is not sent without a token: where none can be had, it fails as the source does', async () => {
    const failure = new TokenError('ERR_TOKEN_REQUEST', 'down');
    await expect(firstAttempt(fakeSource(failure))).rejects.toBe(failure);
  });

  test('may take its token along within the allowed origins, and nowhere else', async () => {
    const attempt = await firstAttempt(fakeSource('first'));
    expect(attempt.allows(`${api}/landing`)).toBe(true);
    expect(attempt.headersAt(`${api}/landing`)).toEqual({ authorization: 'Bearer first' });
    expect(attempt.allows('https://evil.com/landing')).toBe(false);
    expect(attempt.headersAt('https://evil.com/landing')).toEqual({});
  });

  test('presents what a source of one’s own brings, be it no more than a value', async () => {
    const attempt = await firstAttempt({ getToken: async () => ({ value: 'mine' }) });
    expect(attempt.headers['authorization']).toBe('Bearer mine');
  });

  test.each<[string, unknown, message: string]>([
    ['a copy of a token', { scope: 'a' }, 'returned no value: it must return an object, { value }'],
    ['a value with a line feed', { value: 'sesame\nX: y' }, 'a token whose value has characters that no header can'],
    ['a value with a space', { value: 'sesame street' }, 'a token whose value has characters that no header can'],
    ['an empty value', { value: '' }, 'a token whose value is empty'],
    [
      'a value of half a megabyte',
      { value: 'sesame'.repeat(1e5) },
      'a token whose value is longer than 65536 characters',
    ],
    ['a value that is no text', { value: ['sesame'] }, 'returned no value'],
    ['a type with a line feed', { value: 'sesame', type: 'Bearer\r\nX: y' }, 'a token whose type is no word'],
    ['a type that is no text', { value: 'sesame', type: { toString: () => 'Bearer' } }, 'whose type is no word'],
    ['a value that throws', throwing('value'), 'a token that throws when its value or its type is read'],
    ['a type that throws', throwing('type'), 'a token that throws when its value or its type is read'],
    ['a function', () => 'sesame', 'returned nothing: it must return an object, { value }'],
    ['a text', 'sesame', 'returned a string: it must return an object, { value }'],
    ['nothing', undefined, 'returned nothing: it must return an object, { value }'],
    ['null', null, 'returned nothing: it must return an object, { value }'],
  ])('is not sent where a source of one’s own brings %s', async (_, brought, message) => {
    const attempt = await firstAttempt({ getToken: async () => brought as AccessToken })
      .then(
        ({ headers }) => headers,
        (error: unknown) => error,
      )
      .catch((error: unknown) => error);
    expect(attempt).toMatchObject({ code: 'ERR_TOKEN_RESPONSE', message: expect.stringContaining(message) });
    expect(String(attempt)).not.toContain('sesame');
  });

  test('carries what was checked, whatever a source of one’s own makes of its token later', async () => {
    const values = ['first', 'second\nX: y', 'third'];
    const moody = { value: 'first' };
    Object.defineProperty(moody, 'value', { get: () => values.shift() ?? 'last\nX: y' });
    const attempt = await firstAttempt(immediate(moody));
    expect(attempt.headers['authorization']).toBe('Bearer first');
    expect(attempt.headers['authorization']).toBe('Bearer first');
    await expect(firstAttempt(immediate(moody))).rejects.toThrow('no header can carry');
  });

  test('carries the latest value where a source of one’s own has one object for all its tokens', async () => {
    const one = { value: 'first' };
    const authorizer = new Authorizer(immediate(one), api);
    expect((await authorizer.authorize({ url }))?.headers).toEqual({ authorization: 'Bearer first' });
    one.value = 'second';
    expect((await authorizer.authorize({ url }))?.headers).toEqual({ authorization: 'Bearer second' });
  });

  test.each<[string, TokenSource['getToken']]>([
    ['never answers', () => new Promise(() => {})],
    [
      'rejects too late',
      ({ signal } = {}) => new Promise((_, reject) => signal?.addEventListener('abort', () => setTimeout(reject))),
    ],
  ])('ends by its signal, though a source of one’s own %s', async (_, getToken) => {
    const controller = new AbortController();
    const pending = firstAttempt({ getToken }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    const renewing: TokenSource = {
      getToken: async (options) => (options?.rejected ? getToken(options) : { value: 'first' }),
    };
    const other = new AbortController();
    const attempt = await firstAttempt(renewing, { signal: other.signal });
    const second = attempt.retry(unauthorized, undefined);
    other.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
  });

  test('asks no source whose caller has left', async () => {
    const getToken = jest.fn<TokenSource['getToken']>();
    await expect(firstAttempt({ getToken }, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    expect(getToken).not.toHaveBeenCalled();
  });

  test('fails, and does not throw at once, where a source of one’s own throws', async () => {
    const broken: TokenSource = {
      getToken() {
        throw new Error('no');
      },
    };
    await expect(new Authorizer(broken, api).authorize({ url })).rejects.toThrow('no');
  });

  test('may have a token at once, and is told what is none', async () => {
    const attempt = await firstAttempt(immediate({ value: 'mine' }));
    expect(attempt.headers['authorization']).toBe('Bearer mine');
    await expect(firstAttempt(immediate('sesame'))).rejects.toThrow('returned a string');
  });

  test('presents the token as its type says', async () => {
    const dpop = { value: 'first', type: 'DPoP', expiresAt: undefined, scope: undefined } as AccessToken;
    const attempt = await firstAttempt({ getToken: async () => dpop });
    expect(attempt.headers['authorization']).toBe('DPoP first');
  });

  test('may be for another scope, whose token is then renewed', async () => {
    const other = fakeSource('other', 'renewed');
    const fake = { ...fakeSource('first'), with: jest.fn(() => other) };
    const attempt = await firstAttempt(fake, { bearerAuth: { scope: 'orders.write' } });
    expect(fake.with.mock.calls).toEqual([[{ scope: 'orders.write' }]]);
    expect(attempt.headers['authorization']).toBe('Bearer other');
    await expect(attempt.retry(unauthorized, undefined)).resolves.toMatchObject({
      headers: { authorization: 'Bearer renewed' },
    });
    expect(fake.getToken).not.toHaveBeenCalled();
  });

  test('of the source itself carries none, or the source would wait for itself', async () => {
    answerTokenRequests();
    const authorizer = new Authorizer(source(), tokenEndpoint);
    await authorizer.authorize({ url: `${tokenEndpoint}/introspect` });
    expect(authorizer.authorize({ url: tokenEndpoint })).toBeUndefined();
  });

  test('for another scope needs a source that has one', () => {
    const authorizer = new Authorizer(fakeSource('first'), api);
    expect(misuse(() => authorizer.authorize({ url, bearerAuth: { scope: 'a' } }))).toContain('with()');
  });

  test('with bearerAuth: null carries the token as if it said nothing', async () => {
    const attempt = await firstAttempt(fakeSource('first'), { bearerAuth: null });
    expect(attempt.headers['authorization']).toBe('Bearer first');
  });
});

describe('a 401', () => {
  test.each<[string, IncomingResponse]>([
    ['without a challenge', unauthorized],
    ['with an empty challenge', challenged(' ')],
    ['with Bearer and no error', challenged('Bearer realm="api"')],
    ['with invalid_token', challenged('Bearer error="invalid_token"')],
    ['with Bearer among others', challenged('Basic realm="a", Bearer realm="b"')],
    ['with Bearer in a header of its own', challenged(['Basic realm="a"', 'Bearer realm="b"'])],
    ['with lists behind a get', { status: 401, headers: { get: () => ['Basic', 'Bearer'] } }],
    ['that is a Response', new Response(null, { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } })],
  ])('%s is answered with another token, once', async (_, response) => {
    const fake = fakeSource('first', 'second');
    const { signal } = new AbortController();
    const attempt = await firstAttempt(fake, { signal });
    const second = await attempt.retry(response, undefined);
    expect(second?.headers['authorization']).toBe('Bearer second');
    expect(fake.getToken.mock.calls.slice(1)).toEqual([[{ rejected: 'first', rejectedBy: api, signal }]]);
    expect(attempt.failure).toBeUndefined();
  });

  test('after another token was tried is final', async () => {
    const fake = fakeSource('first', 'second', 'third');
    const attempt = await firstAttempt(fake);
    const second = await attempt.retry(unauthorized, undefined);
    expect(second?.retry(unauthorized, undefined)).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(2);
  });

  test.each<[string, Partial<IncomingResponse>]>([
    ['that wants more scope', challenged('Bearer error="insufficient_scope"')],
    ['that was malformed', challenged('Bearer error="invalid_request"')],
    ['of another scheme', challenged('Basic realm="a"')],
    ['of another ticket', challenged('Negotiate')],
    ['from another origin', { url: 'https://evil.com/login' }],
  ])('%s is final, and the source hears nothing of it', async (_, response) => {
    const fake = fakeSource('first', 'second');
    const attempt = await firstAttempt(fake);
    expect(attempt.retry({ ...unauthorized, ...response }, undefined)).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(1);
  });

  test.each([200, 204, 302, 400, 403, 404, 407, 429, 500, 503])('is not %i, which is final', async (status) => {
    const fake = fakeSource('first', 'second');
    const attempt = await firstAttempt(fake);
    expect(attempt.retry({ ...challenged('Bearer error="invalid_token"'), status }, undefined)).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(1);
  });

  test.each<[string, Partial<IncomingResponse>, boolean]>([
    ['where the client took no token to', { redirected: true }, false],
    ['where the client says that it did', { redirected: true, carried: true }, true],
  ])('from another allowed origin, %s', async (_, response, answered) => {
    const fake = fakeSource('first', 'second');
    const second = 'https://second.example.com';
    const attempt = await new Authorizer(fake, api, { origins: [second] }).authorize({ url });
    const again = await attempt?.retry({ ...unauthorized, ...response, url: `${second}/landing` }, undefined);
    expect([again !== undefined, fake.getToken.mock.calls.length]).toEqual([answered, answered ? 2 : 1]);
  });

  test('from the same origin is answered, wherever it came from', async () => {
    const attempt = await firstAttempt(fakeSource('first', 'second'));
    await expect(attempt.retry({ ...unauthorized, url: `${api}/elsewhere` }, undefined)).resolves.toBeDefined();
  });
});

describe('a 401 to a request that cannot be sent again', () => {
  test.each<[string, Partial<IncomingResponse>, unknown]>([
    ['because its body is used up', {}, new ReadableStream()],
    ['because it was redirected and may have done its work', { redirected: true }, undefined],
  ])('%s is final, but the token is renewed for the next request', async (_, response, body) => {
    const fake = fakeSource('first', 'second');
    const attempt = await firstAttempt(fake, { method: 'POST' });
    expect(attempt.retry({ ...unauthorized, ...response }, body)).toBeUndefined();
    expect(fake.getToken.mock.calls.slice(1)).toEqual([[{ rejected: 'first', rejectedBy: api }]]);
  });

  test('is final for a source that throws, too', async () => {
    const fake = fakeSource('first');
    const attempt = await firstAttempt(fake);
    fake.getToken.mockImplementation(() => {
      throw new Error('down');
    });
    expect(attempt.retry(unauthorized, new ReadableStream())).toBeUndefined();
  });

  test('leaves no rejection unhandled when that renewal fails', async () => {
    const fake = fakeSource('first', new Error('down'));
    const attempt = await firstAttempt(fake);
    expect(attempt.retry(unauthorized, new ReadableStream())).toBeUndefined();
    await new Promise(setImmediate);
    expect(attempt.failure).toBeUndefined();
  });

  test.each([undefined, 'GET', 'get', 'HEAD', 'OPTIONS'])('does not mean a redirected %s', async (method) => {
    const attempt = await firstAttempt(fakeSource('first', 'second'), { method });
    await expect(attempt.retry({ ...unauthorized, redirected: true }, undefined)).resolves.toBeDefined();
  });
});

describe('a renewal after a 401', () => {
  test('that fails leaves the 401 to the caller, and says why', async () => {
    const failure = new TokenError('ERR_TOKEN_REQUEST', 'down');
    const attempt = await firstAttempt(fakeSource('first', failure));
    await expect(attempt.retry(unauthorized, undefined)).resolves.toBeUndefined();
    expect(attempt.failure).toBe(failure);
  });

  test('that yields the same token leaves the 401 to the caller, and says so', async () => {
    const attempt = await firstAttempt(fakeSource('first'));
    await expect(attempt.retry(unauthorized, undefined)).resolves.toBeUndefined();
    expect(attempt.failure).toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
  });

  test('that the caller aborts rejects with the reason as it is', async () => {
    const controller = new AbortController();
    const reason = new Error('the user left');
    const attempt = await firstAttempt(fakeSource('first', new Error('some other reason')), {
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(attempt.retry(unauthorized, undefined)).rejects.toBe(reason);
    expect(attempt.failure).toBeUndefined();
  });

  test('is one for all requests whose token was refused, and is told as events', async () => {
    const events: TokenEvent['type'][] = [];
    const received = answerTokenRequests(token(), token({ access_token: 'second' }));
    const authorizer = new Authorizer(source({ onEvent: ({ type }) => events.push(type) }), api);
    const attempts = await Promise.all(Array.from({ length: 10 }, async () => authorizer.authorize({ url })));
    expect(new Set(attempts.map((attempt) => attempt?.headers['authorization']))).toEqual(
      new Set([`Bearer ${tokenValue}`]),
    );
    const retries = await Promise.all(attempts.map(async (attempt) => attempt?.retry(unauthorized, undefined)));
    expect(new Set(retries.map((retry) => retry?.headers['authorization']))).toEqual(new Set(['Bearer second']));
    expect(received).toHaveLength(2);
    expect(events.filter((type) => type === 'rejected')).toHaveLength(1);
    expect(events.filter((type) => type === 'replayed')).toHaveLength(10);
  });
});

const forbidden = (headers: object = { 'X-Error': 'token revoked' }): IncomingResponse => ({ status: 403, headers });

describe('the option refused', () => {
  const options = {
    refused: ({ status, headers }: { status: number; headers: Headers }) =>
      status === 403 && headers.get('x-error') === 'token revoked',
  };
  const attach = async (fake: TokenSource, request: object = {}): Promise<AuthorizedRequest> => {
    const authorized = await new Authorizer(fake, api, options).authorize({ url, ...request });
    if (authorized === undefined) throw new Error('the request should carry a token');
    return authorized;
  };

  test.each<[string, object]>([
    ['an object', { 'X-Error': 'token revoked' }],
    ['lists', { 'x-error': ['token revoked'], ':status': '403' }],
    ['a Headers', new Headers({ 'x-error': 'token revoked' })],
    ['a flat list', ['x-error', 'token revoked']],
    ['pairs', [['x-error', 'token revoked']]],
  ])('makes another answer mean that the token is refused; its headers are %s', async (_, headers) => {
    const authorized = await attach(fakeSource('first', 'second'));
    expect(authorized.mayRetry(403)).toBe(true);
    const second = await authorized.retry(forbidden(headers), undefined);
    expect(second?.headers['authorization']).toBe('Bearer second');
    expect(second?.retry(forbidden(headers), undefined)).toBeUndefined();
  });

  test('makes a 401 mean nothing', async () => {
    const fake = fakeSource('first', 'second');
    const authorized = await attach(fake);
    expect(authorized.retry(challenged('Bearer error="invalid_token"'), undefined)).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(1);
  });

  test('does not make a body be sent again that is gone', async () => {
    const fake = fakeSource('first', 'second');
    const authorized = await attach(fake);
    expect(authorized.retry(forbidden(), new ReadableStream())).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(2);
  });

  test('may be that of one request', async () => {
    const authorized = await attach(fakeSource('first', 'second'), {
      bearerAuth: { refused: ({ status }: { status: number }) => status === 400 },
    });
    expect(authorized.retry(forbidden(), undefined)).toBeUndefined();
    await expect(authorized.retry({ status: 400, headers: {} }, undefined)).resolves.toBeDefined();
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a promise', Promise.resolve(true)],
    ['text', 'yes'],
  ])('refuses with true alone, and not with %s', async (_, result) => {
    const fake = fakeSource('first', 'second');
    const authorizer = new Authorizer(fake, api, { refused: () => result as boolean });
    const authorized = await authorizer.authorize({ url });
    expect(authorized?.retry({ status: 200, headers: {} }, undefined)).toBeUndefined();
    expect(fake.getToken).toHaveBeenCalledTimes(1);
  });

  test('that throws leaves the answer to the caller, and says why', async () => {
    const mine = new Error('mine');
    const refused = (): never => {
      throw mine;
    };
    const authorized = await new Authorizer(fakeSource('first', 'second'), api, { refused }).authorize({ url });
    expect(authorized?.retry(unauthorized, undefined)).toBeUndefined();
    expect(authorized?.failure).toBe(mine);
  });

  test('must be a function', () => {
    const refused = true as never;
    expect(misuse(() => new Authorizer(fakeSource('a'), api, { refused }))).toContain('refused must be a function');
  });
});

describe('a request that goes without a token', () => {
  test.each<[string, object]>([
    ['authorization', { headers: { authorization: 'Basic a' } }],
    ['origin', { url: 'https://evil.com/' }],
    ['own-endpoint', { url: tokenEndpoint }],
    ['opted-out', { bearerAuth: false }],
    ['insecure', { url: 'http://api.example.com/orders' }],
  ])('is an event that says why: %s', async (reason, request) => {
    const events: TokenEvent[] = [];
    const running = source({ onEvent: (event) => events.push(event) });
    answerTokenRequests();
    const authorizer = new Authorizer(running, api, { origins: [tokenEndpoint.replace('/connect/token', '')] });
    await running.with({ scope: 'x' }).getToken();
    expect(authorizer.authorize({ url, ...request })).toBeUndefined();
    expect(events.filter(({ type }) => type === 'passed')).toMatchObject([{ reason }]);
  });

  test('is none where an adapter above has given it a token of the same source', async () => {
    const events: TokenEvent[] = [];
    const running = source({ onEvent: (event) => events.push(event) });
    answerTokenRequests(token(), token({ access_token: 'another' }));
    const tokens = [await running.getToken(), await running.with({ scope: 'x' }).getToken()];
    const authorizer = new Authorizer(running, api);
    for (const { value } of tokens)
      expect(authorizer.authorize({ url, headers: { authorization: `Bearer ${value}` } })).toBeUndefined();
    expect(events.filter(({ type }) => type === 'passed')).toEqual([]);
  });

  test('may not be one whose signal is null', async () => {
    const authorized = await firstAttempt(fakeSource('first', 'second'), { signal: null });
    await expect(authorized.retry(unauthorized, undefined)).resolves.toBeDefined();
  });
});

describe('the option scheme', () => {
  test('is the word before the token', async () => {
    const authorized = await new Authorizer(fakeSource('first'), api, { scheme: 'Token' }).authorize({ url });
    expect(authorized?.headers['authorization']).toBe('Token first');
  });

  test.each(['', 'two words', 'a\r\nb', 7, null])('cannot be %p', (scheme) => {
    expect(misuse(() => new Authorizer(fakeSource('a'), api, { scheme: scheme as never }))).toContain('scheme');
  });
});

describe('a 401 that wants claims', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}';
  const encoded = btoa(claims).replaceAll('+', '-').replaceAll('=', '');

  test.each<[string, string]>([
    ['in base64', `Bearer error="insufficient_claims", claims="${btoa(claims)}"`],
    ['in base64url', `Bearer realm="", error="insufficient_claims", claims="${encoded}"`],
  ])('%s is answered with a token that was asked for with them', async (_, challenge) => {
    const received = answerTokenRequests(token(), token({ access_token: 'second' }), token({ access_token: 'third' }));
    const running = source({ scope: 'a' });
    const authorized = await new Authorizer(running, api).authorize({ url });
    const second = await authorized?.retry(challenged(challenge), undefined);
    expect(second?.headers['authorization']).toBe('Bearer second');
    expect(received.map(({ body }) => new URLSearchParams(body).get('claims'))).toEqual([null, claims]);
    // It is the token of these parameters from now on.
    expect(await running.getToken()).toMatchObject({ value: 'second' });
  });

  test('that are no claims is answered as any other', async () => {
    const fake = fakeSource('first', 'second');
    const authorized = await firstAttempt(fake);
    await authorized.retry(challenged('Bearer error="insufficient_claims", claims="bm8="'), undefined);
    expect(fake.getToken.mock.calls[1]?.[0]).toEqual({ rejected: 'first', rejectedBy: api, signal: undefined });
  });
});

describe('at construction', () => {
  test.each<[string, unknown[], message: string]>([
    ['no source', [undefined, api], 'token source'],
    ['a source that is a token', ['eyJ', api], 'token source'],
    ['a source without getToken', [{}, api], 'token source'],
    ['no origin', [fakeSource('first'), undefined], 'origins'],
    ['an unknown option', [fakeSource('first'), api, { origin: [api] }], '"origin"'],
    ['options that are null', [fakeSource('first'), api, null], 'options'],
    ['options that are a list', [fakeSource('first'), api, [api]], '"0"'],
    ['options that are text', [fakeSource('first'), api, api], 'options'],
    ['an API on http', [fakeSource('first'), 'http://api.example.com'], 'https'],
    ['an API on http with another source that allows nothing', [source(), 'http://api.example.com'], 'https'],
  ])('%s is refused', (_, parameters, message) => {
    const construct = Authorizer as unknown as new (...parameters: unknown[]) => Authorizer;
    expect(misuse(() => new construct(...parameters))).toContain(message);
  });

  test('an API on http is allowed where the source allows it', () => {
    const insecure = source({ allowInsecureRequests: true });
    expect(new Authorizer(insecure, 'http://api.example.com').allows('http://api.example.com/orders')).toBe(true);
  });

  test('further origins are allowed besides that of the base URL', () => {
    const authorizer = new Authorizer(fakeSource('first'), api, { origins: ['https://b.example.com'] });
    expect([api, 'https://b.example.com', 'https://c.example.com'].map((origin) => authorizer.allows(origin))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
