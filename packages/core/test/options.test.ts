import { describe, expect, test } from '@jest/globals';
import { Authorizer } from '../src/adapter.ts';
import {
  clientSecretBasic,
  clientSecretJwt,
  createCustomTokenSource,
  createTokenSource,
  jwtBearer,
  privateKeyJwt,
  proofKey,
  refreshToken,
  tokenExchange,
  type TokenSourceOptions,
} from '../src/index.ts';
import {
  answerTokenRequests,
  clientId,
  clientSecret,
  formOf,
  issuer,
  misuse,
  source,
  tokenEndpoint,
  tokenValue,
} from './support.ts';
import { untimedClock } from './test-clock.ts';

const good: TokenSourceOptions = { tokenEndpoint, clientId, clientSecret };
const create = (options: object): unknown => createTokenSource({ ...good, ...options });

describe('misuse', () => {
  test.each<[what: string, options: object, named: string]>([
    ['neither issuer nor tokenEndpoint', { tokenEndpoint: undefined }, 'issuer'],
    ['both issuer and tokenEndpoint', { issuer }, 'tokenEndpoint'],
    ['an unknown option', { tokenEndPoint: tokenEndpoint }, '"tokenEndPoint"'],
    ['an unknown option that every object has', { constructor: 7 }, '"constructor"'],
    ['no clientId', { clientId: undefined }, 'clientId'],
    ['an empty clientId', { clientId: '' }, 'clientId'],
    ['a clientId that is a number', { clientId: 7 }, 'clientId'],
    ['no clientSecret', { clientSecret: undefined }, 'clientSecret'],
    ['an empty clientSecret', { clientSecret: '' }, 'clientSecret'],
    ['a clientSecret that is null', { clientSecret: null }, 'clientSecret'],
    ['a clientSecret that is bytes', { clientSecret: Buffer.from(clientSecret) }, 'clientSecret'],
    ['an unknown clientAuthentication', { clientAuthentication: 'client_secret' }, 'clientAuthentication'],
    ['a clientAuthentication that is inherited', { clientAuthentication: 'toString' }, 'clientAuthentication'],
    ['a scope that is a number', { scope: 7 }, 'scope'],
    ['a scope with a number in it', { scope: ['a', 7] }, 'scope'],
    ['a scope that is null', { scope: null }, 'scope'],
    ['a resource that is relative', { resource: '/orders' }, 'resource'],
    ['a resource with a fragment', { resource: 'https://api.example.com/#x' }, 'resource'],
    ['a resource with an empty fragment', { resource: ['https://api.example.com/#'] }, 'resource'],
    ['an audience that is a URL object', { audience: new URL(issuer) }, 'audience'],
    ['parameters that are text', { parameters: 'a=b' }, 'parameters'],
    ['parameters that are a list', { parameters: [['a', 'b']] }, 'parameters'],
    ['parameters that are URLSearchParams', { parameters: new URLSearchParams('a=b') }, 'parameters'],
    ['parameters that are a Map', { parameters: new Map([['a', 'b']]) }, 'parameters'],
    ['parameters that are null', { parameters: null }, 'parameters'],
    ['a parameter that is a number', { parameters: { acr: 7 } }, 'parameters.acr'],
    ['a reserved parameter', { parameters: { client_secret: 'x' } }, 'client_secret'],
    ['a reserved parameter in other letters', { parameters: { Grant_Type: 'x' } }, '"Grant_Type"'],
    ['a parameter that has an option', { parameters: { Scope: 'x' } }, '"Scope"'],
    [
      'a parameter of the grant in other letters',
      { grant: jwtBearer({ assertion: 'x' }), parameters: { ASSERTION: 'y' } },
      '"ASSERTION"',
    ],
    ['maxCachedTokens of zero', { maxCachedTokens: 0 }, 'maxCachedTokens'],
    ['maxCachedTokens of a half', { maxCachedTokens: 0.5 }, 'maxCachedTokens'],
    ['maxCachedTokens without end', { maxCachedTokens: Infinity }, 'maxCachedTokens'],
    ['a fetch that is none', { fetch: {} }, 'fetch'],
    ['a random that is a number', { random: 0.5 }, 'random'],
    ['an onEvent that is none', { onEvent: 'console' }, 'onEvent'],
    ['a clock that is a function', { clock: Date.now }, 'clock'],
    ['a clock without monotonic time', { clock: { now: Date.now } }, 'clock'],
    ['a clock that is a number', { clock: 7 }, 'clock'],
    ['a clock whose timers are a number', { clock: Object.assign(untimedClock(), { startTimer: 7 }) }, 'clock'],
    ['allowInsecureRequests that is text', { allowInsecureRequests: 'false' }, 'allowInsecureRequests'],
    ['allowInsecureRequests that is null', { allowInsecureRequests: null }, 'allowInsecureRequests'],
  ])('%s is refused by name', (_, options, named) => {
    const message = misuse(() => create(options));
    expect(message).toContain(named);
    expect(message).not.toContain(clientSecret);
  });

  test.each([
    ['refreshWindow', 0],
    ['expiryMargin', 0],
    ['timeout', 1],
  ])('%s must be milliseconds from %i to what a timer can hold', (name, least) => {
    for (const value of [NaN, Infinity, -1, least - 1, 2 ** 31, '10', 10n, null, new Date()]) {
      expect(misuse(() => create({ [name]: value }))).toContain(name);
    }
    for (const value of [least, 1.5, 2 ** 31 - 1]) expect(() => create({ [name]: value })).not.toThrow();
  });

  test.each([undefined, null, 7, tokenEndpoint])('options that are %p are refused', (options) => {
    expect(misuse(() => createTokenSource(options as never))).toContain('createTokenSource');
  });
});

describe.each(['issuer', 'tokenEndpoint'])('%s', (name) => {
  const at = (url: unknown, options: object = {}): unknown =>
    create({ tokenEndpoint: undefined, ...options, [name]: url });

  test.each<[string, unknown]>([
    ['a host', 'login.example.com'],
    ['a path', '/connect/token'],
    ['an empty text', ''],
    ['null', null],
    ['an object', { href: issuer }],
    ['credentials', 'https://user:pass@login.example.com/'],
    ['a user', 'https://user@login.example.com/'],
    ['a fragment', 'https://login.example.com/#x'],
    ['http', 'http://login.example.com/'],
    ['http on a name that only begins like loopback', 'http://localhost.example.com/'],
    ['http on an address that only begins like loopback', 'http://127.0.0.1.example.com/'],
    ['http on all addresses', 'http://0.0.0.0/'],
    ['another scheme', 'ftp://login.example.com/'],
    ['a scheme without a host', 'data:text/plain,x'],
  ])('is refused with %s, without a word of its content', (_, url) => {
    const message = misuse(() => at(url));
    expect(message).toContain(name);
    expect(message).not.toMatch(/user|pass@|example/);
  });

  test.each([
    'http://localhost:5000',
    'http://login.localhost',
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://127.1',
    'http://[::1]:5000',
    'HTTPS://Login.Example.com',
    'https://login.example.com/a/',
  ])('may be %s', (url) => {
    expect(() => at(url)).not.toThrow();
    expect(() => at(new URL(url))).not.toThrow();
  });

  test('may use http elsewhere with allowInsecureRequests, but nothing else', () => {
    const allowInsecureRequests = true;
    expect(() => at('http://login.example.com', { allowInsecureRequests })).not.toThrow();
    expect(misuse(() => at('ftp://login.example.com', { allowInsecureRequests }))).toContain(name);
    expect(misuse(() => at('http://u:p@login.example.com', { allowInsecureRequests }))).toContain(name);
  });
});

describe('the options', () => {
  test('may be undefined, which means absent', async () => {
    const names = ['issuer', 'clientAuthentication', 'scope', 'resource', 'audience', 'parameters', 'refreshWindow'];
    const more = ['expiryMargin', 'timeout', 'maxCachedTokens', 'fetch', 'clock', 'random', 'onEvent'];
    const absent = Object.fromEntries([...names, ...more, 'allowInsecureRequests'].map((name) => [name, undefined]));
    const received = answerTokenRequests();
    const { value } = await createTokenSource({ ...absent, ...good }).getToken();
    expect(value).toBe(tokenValue);
    expect(formOf(received[0])).toHaveLength(3);
  });

  test('are read once: what happens to them later has no effect', async () => {
    const options = {
      tokenEndpoint: new URL(tokenEndpoint),
      clientId,
      clientSecret,
      clock: untimedClock(),
      scope: ['a'],
      resource: ['urn:a'],
      parameters: { x: ['1'] } as Record<string, string[]>,
    };
    const early = createTokenSource(options);
    options.tokenEndpoint.pathname = '/elsewhere';
    options.clientSecret = 'changed';
    options.clientId = 'changed';
    options.scope.push('b');
    options.resource.length = 0;
    options.parameters['x']?.push('2');
    options.parameters['y'] = ['3'];
    const received = answerTokenRequests();
    await early.getToken();
    expect(formOf(received[0])).toEqual([
      ['client_id', clientId],
      ['client_secret', clientSecret],
      ['grant_type', 'client_credentials'],
      ['resource', 'urn:a'],
      ['scope', 'a'],
      ['x', '1'],
    ]);
  });

  test('are not written to', () => {
    const scope = Object.freeze(['b', 'a', 'b']);
    expect(() => createTokenSource(Object.freeze({ ...good, scope, parameters: Object.freeze({}) }))).not.toThrow();
  });

  test('send nothing before the first token is asked for', async () => {
    const received = answerTokenRequests();
    const idle = source();
    await new Promise(setImmediate);
    expect(received).toHaveLength(0);
    await idle.getToken();
    expect(received).toHaveLength(1);
  });
});

describe('an option that does not exist is refused by name, with those that do:', () => {
  const unknown = { typo: 1 };
  const typo = unknown as never;

  test.each<[string, () => unknown]>([
    ['createTokenSource', () => createTokenSource({ ...good, ...unknown })],
    ['createCustomTokenSource', () => createCustomTokenSource({ acquire: () => ({ value: 'a' }), ...unknown })],
    ['with()', () => createTokenSource(good).with(typo)],
    ['bearerAuth', () => new Authorizer(createTokenSource(good), undefined, typo)],
    ['clientSecretBasic', () => clientSecretBasic(typo)],
    ['clientSecretJwt', () => clientSecretJwt(typo)],
    ['privateKeyJwt', () => privateKeyJwt(typo)],
    ['proofKey', () => proofKey(typo)],
    ['jwtBearer', () => jwtBearer(typo)],
    ['tokenExchange', () => tokenExchange(typo)],
    ['refreshToken', () => refreshToken(typo)],
  ])('of %s', (owner, use) => {
    expect(misuse(use)).toMatch(`${owner} has no option "typo"; its options are `);
  });
});

test.each([new AbortController(), {}, 'signal', 1])(
  'getToken() rejects for the signal %p, which is none',
  async (signal) => {
    const asked = createTokenSource(good).getToken({ signal: signal as never });
    await expect(asked).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('AbortSignal'),
    });
  },
);

test('getToken() takes null for no signal, and for no options', async () => {
  answerTokenRequests();
  const asked = createTokenSource(good);
  expect(await asked.getToken({ signal: null as never })).toHaveProperty('value', tokenValue);
  expect(await asked.getToken(null as never)).toHaveProperty('value', tokenValue);
});
