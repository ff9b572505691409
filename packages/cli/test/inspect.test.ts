import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTokenSource } from '@tokenline/core';
import { type FakeIdentityServer, fakeIdentityServer } from '@tokenline/testing';
import { tokenline } from './command.ts';
import { token } from './servers.ts';
import { decode } from '../src/inspect/decode.ts';
import { remarksOn } from '../src/inspect/remarks.ts';
import { durationInWords, timeInWords } from '../src/inspect/time-in-words.ts';

const now = 1_795_000_000_000;
const seconds = now / 1_000;
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const jwt = (claims: object, header: object = {}): string =>
  `${encode({ alg: 'ES256', kid: '1', typ: 'at+jwt', ...header })}.${encode(claims)}.c2ln`;

/** A token of which nothing is unusual. */
const usual = {
  iss: 'https://login.example.com',
  aud: 'urn:orders',
  scope: 'orders.read',
  iat: seconds,
  exp: seconds + 3_600,
};

function idsOf(claims: object, header: object = {}): string[] {
  const made = jwt({ ...usual, ...claims }, header);
  const decoded = decode(made);
  if (decoded.kind !== 'jwt') throw new Error('it is no JWT');
  return remarksOn(made, decoded.header, decoded.claims, now).map(({ id }) => id);
}

describe('what is unusual about a token', () => {
  test('is nothing, of a usual one', () => {
    expect(idsOf({})).toEqual([]);
  });

  test.each<[string, object, object?]>([
    ['unsigned', {}, { alg: 'none' }],
    ['unsigned', {}, { alg: 'NONE' }],
    ['no-alg', {}, { alg: undefined }],
    ['shared-key', {}, { alg: 'HS256' }],
    ['no-kid', {}, { kid: undefined }],
    ['crit', {}, { crit: ['b64'] }],
    ['typ', {}, { typ: 'logout+jwt' }],
    ['no-exp', { exp: undefined }],
    ['expired', { iat: seconds - 7_200, exp: seconds - 3_600 }],
    ['no-lifetime', { exp: seconds - 10, iat: seconds - 5 }],
    ['short', { exp: seconds + 30 }],
    ['long-lived', { exp: seconds + 90_000 }],
    ['milliseconds', { exp: now + 3_600_000 }],
    ['not-a-number', { exp: 'tomorrow' }],
    ['not-yet', { nbf: seconds + 60 }],
    ['issued-later', { iat: seconds + 60 }],
    ['no-iss', { iss: undefined }],
    ['iss', { iss: 'http://login.example.com' }],
    ['no-aud', { aud: undefined }],
    ['several-audiences', { aud: ['urn:orders', 'urn:billing'] }],
    ['own-audience', { aud: 'https://login.example.com' }],
    ['no-scope', { scope: undefined }],
    ['scope-list', { scope: ['orders.read'] }],
    ['id-token', { nonce: 'n' }, { typ: 'JWT' }],
    ['id-token', { typ: 'ID' }, { typ: 'JWT' }],
    ['refresh-token', { typ: 'Refresh' }, { typ: 'JWT' }],
    ['bound', { cnf: { jkt: 'x' } }],
    ['bound', { cnf: { 'x5t#S256': 'x' } }],
    ['long', { roles: Array.from({ length: 1_000 }, (_, index) => `role-${index}`) }],
  ])('%s (%#)', (id, claims, ...header) => {
    expect(idsOf(claims, ...header)).toContain(id);
  });
});

test.each([
  [0, '0 seconds'],
  [59_400, '59 seconds'],
  [3_600_000, '1 hour'],
  [3_900_000, '1 hour 5 minutes'],
  [3_601_000, '1 hour'],
  [2 * 86_400_000 + 3_600_000, '2 days 1 hour'],
])('%i milliseconds are %s', (duration, words) => {
  expect(durationInWords(duration)).toBe(words);
});

test('a time of a far year is told to the second', () => {
  expect(timeInWords(now, now)).toMatch(/^\+058851-04-14 \d\d:\d\d:\d\d UTC, in /);
});

test('a time is told by the calendar, and by its distance', () => {
  expect(timeInWords(seconds + 90, now)).toMatch(/^2026-11-18 \d\d:\d\d:\d\d UTC, in 1 minute 30 seconds$/);
  expect(timeInWords(seconds - 60, now)).toMatch(/, 1 minute ago$/);
  expect(timeInWords(1e300, now)).toBe('no time that a calendar has');
});

describe('inspect', () => {
  test('shows header, claims and what is unusual, and says that nothing is verified', async () => {
    const { status, stdout, stderr } = await tokenline(['inspect'], { stdin: `Bearer ${jwt({ exp: 1 })}\n` });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Nothing here is verified');
    expect(stdout).toMatch(/exp {2}1 \(1970-01-01 00:00:01 UTC, \d+ days \d+ hours? ago\)/);
    expect(stdout).toContain('[no-aud]');
  });

  test('shows no control characters of a token', async () => {
    const { stdout } = await tokenline(['inspect'], { stdin: jwt({ sub: '\u001b]0;title\u0007\u009b31m\u202e' }) });
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(stdout).toContain('title');
  });

  test.each([
    ['an encrypted one', `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'only its header can be read'],
    ['an opaque one', 'ya29.opaque', 'only the server that issued it'],
  ])('says what cannot be read of %s', async (_, stdin, says) => {
    const { stdout, status } = await tokenline(['inspect'], { stdin });
    expect(stdout).toContain(says);
    expect(status).toBe(0);
  });

  test('prints JSON', async () => {
    const { stdout } = await tokenline(['inspect', '--json', '--token', 'env:TOKEN'], {
      env: { TOKEN: jwt({ sub: 'x' }) },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      kind: 'jwt',
      header: { alg: 'ES256' },
      claims: { sub: 'x' },
    });
  });

  test('takes no token as an argument', async () => {
    const { status, stderr } = await tokenline(['inspect', token]);
    expect(status).toBe(2);
    expect(stderr).not.toContain(token);
  });

  test('nor at an option that takes something else', async () => {
    const { status, stderr } = await tokenline(['inspect', '--auth', token]);
    expect(status).toBe(2);
    expect(stderr).toContain("option '--auth <method>' cannot have this value. Allowed choices are client_secret_post");
    expect(stderr).not.toContain(token);
  });
});

describe('the server is asked', () => {
  let server: FakeIdentityServer;
  let client: string[];
  let env: Record<string, string>;
  let issued: string;

  beforeEach(async () => {
    server = await fakeIdentityServer().listen();
    const { clientId, clientSecret } = server.client;
    client = ['--client-id', clientId, '--client-secret', 'env:SECRET'];
    env = { SECRET: clientSecret };
    issued = (await createTokenSource(server.client).getToken()).value;
  });

  afterEach(() => server.close());

  test('about an opaque token', async () => {
    const { stdout, stderr } = await tokenline(['inspect', '--issuer', server.issuer, ...client], {
      env,
      stdin: issued,
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('What the server says');
    expect(stdout).toMatch(/active +true/);
    expect(stdout).toMatch(/scope +orders\.read orders\.write/);
  });

  test('about one that it does not know any more', async () => {
    server.revokeAll();
    const { stdout } = await tokenline(['inspect', '--issuer', server.issuer, ...client], { env, stdin: issued });
    expect(stdout).toMatch(/active +false/);
  });

  test('about a JWT, where that is wanted', async () => {
    server.accessTokenFormat = 'jwt';
    const { value } = await createTokenSource(server.client).getToken();
    const endpoint = ['--introspect', '--introspection-endpoint', server.introspectionEndpoint];
    const { stdout } = await tokenline(['inspect', ...endpoint, ...client, '--json'], { env, stdin: value });
    const introspection = { active: true, client_id: server.client.clientId };
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'jwt', introspection });
  });

  test.each([
    ['is down', { endpoint: 'metadata', times: Infinity } as const, 5, 'there is no metadata'],
    ['has no metadata', { endpoint: 'metadata', times: Infinity, status: 404 } as const, 3, 'there is no metadata'],
  ])('which fails as with get where it %s', async (_, failure, expected, says) => {
    server.failNext(failure);
    const { stderr, status } = await tokenline(['inspect', '--issuer', server.issuer, ...client], {
      env,
      stdin: issued,
    });
    server.recover();
    expect(stderr).toContain(says);
    expect(status).toBe(expected);
  });

  test('which fails as with get where it does not answer in time', async () => {
    server.hangNext({ endpoint: 'introspection' });
    const args = ['inspect', '--issuer', server.issuer, ...client, '--timeout', '1000'];
    const { stderr, status } = await tokenline(args, { env, stdin: issued });
    server.recover();
    expect(stderr).toContain('within 1000 ms');
    expect(status).toBe(5);
  });

  test('and does not show a secret that the server repeats', async () => {
    const { clientSecret } = server.client;
    server.answerNext(Response.json({ active: true, form: `client_secret=${clientSecret}&token=${issued}` }), {
      endpoint: 'introspection',
    });
    const { stdout } = await tokenline(['inspect', '--issuer', server.issuer, ...client], { env, stdin: issued });
    expect(stdout).toContain('client_secret=[redacted]&token=[redacted]');
  });

  test('but not where its metadata has no place for that', async () => {
    const { issuer, tokenEndpoint: token_endpoint } = server;
    server.answerNext(Response.json({ issuer, token_endpoint }), { endpoint: 'metadata' });
    const { stderr, status } = await tokenline(['inspect', '--issuer', issuer, ...client], { env, stdin: issued });
    expect(stderr).toContain('names no introspection_endpoint');
    expect(status).toBe(2);
  });
});
