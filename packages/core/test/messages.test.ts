import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { OAuthError, TokenError } from '../src/index.ts';
import { clientSecret, expectNoSecretIn, failureOf, issuer, misuse, source, tokenEndpoint } from './support.ts';

beforeAll(() => nock.restore());

const page = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>Sign in</p>' };
const notFound = { status: 404, headers: {}, body: '' };

/** A `fetch` that always gets this answer. */
const answering =
  ({ status, headers, body }: { status: number; headers: object; body: string }): typeof fetch =>
  async () =>
    new Response(body, { status, headers: { ...headers } });

/** A `fetch` that fails like that of Node. */
const failing =
  (cause: Error): typeof fetch =>
  async () => {
    throw new TypeError('fetch failed', { cause });
  };

describe('the innermost reason is in the message:', () => {
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND login.example.com'), { code: 'ENOTFOUND' });
  const untrusted = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });

  test.each([
    ['a host that nobody knows', unknown, 'getaddrinfo ENOTFOUND login.example.com'],
    ['a certificate that is not trusted', untrusted, 'self-signed certificate'],
    ['a port that nobody listens on, at several addresses', refused, 'ECONNREFUSED'],
  ])('%s', async (_, cause, reason) => {
    for (const server of [{ issuer }, { tokenEndpoint }]) {
      const { message } = await failureOf(source({ ...server, fetch: failing(cause) }).getToken());
      expect(message).toMatch(new RegExp(`https://login.example.com/.*: ${reason}$`));
    }
  });

  test('what a real connection says', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { message } = await failureOf(source({ tokenEndpoint: `http://127.0.0.1:${port}/token` }).getToken());
    expect(message).toContain('ECONNREFUSED');
  });

  test('in one line, and without a secret', () => {
    const cause = new Error('fetch failed', { cause: new Error(`no\n${clientSecret}`) });
    const error = new TokenError('ERR_TOKEN_REQUEST', 'down', { cause, secrets: [clientSecret] });
    expect(error.message).toBe('down: no [redacted]');
  });

  test('once, however many errors of ours there are', () => {
    const inner = new TokenError('ERR_TOKEN_REQUEST', 'down', { cause: new Error('reset') });
    expect(new TokenError('ERR_TOKEN_REJECTED', 'no other token', { cause: inner }).message).toBe('no other token');
  });

  test('the content type of an answer that is no JSON', async () => {
    const fetch = answering(page);
    for (const server of [{ issuer }, { tokenEndpoint }]) {
      const { message } = await failureOf(source({ ...server, fetch }).getToken());
      expect(message).toContain('it is text/html, not a JSON object');
    }
  });
});

test('JSON has the message and the fields, and no secret', () => {
  const cause = new Error(clientSecret);
  const answer = { error: 'invalid_client', errorDescription: 'who?' };
  const error = new OAuthError('refused', answer, { status: 401, cause, secrets: [clientSecret] });
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({
    error: {
      name: 'OAuthError',
      message: 'refused: [redacted]',
      code: 'ERR_OAUTH_RESPONSE',
      transient: false,
      status: 401,
      ...answer,
    },
  });
  expectNoSecretIn(error);
});

describe('a hint is given', () => {
  test.each([
    ['issuer', { issuer: 'login.example.com' }],
    ['issuer', { issuer: 'login.example.com:8443/tenant' }],
    ['issuer', { issuer: 'localhost:8080' }],
    ['tokenEndpoint', { tokenEndpoint: 'login.example.com/connect/token' }],
  ])('where %s has no scheme: %j', (name, server) => {
    expect(misuse(() => source({ tokenEndpoint: undefined, ...server }))).toBe(
      `${name} must be an absolute URL: it has no scheme, such as https://`,
    );
  });

  test.each(['', '/tenant', 'data:,x', 'file:///x', 'https://'])('not where that would not help: %j', (url) => {
    expect(misuse(() => source({ issuer: url }))).toBe('issuer must be an absolute URL');
  });

  test('where issuer and tokenEndpoint are both given', () => {
    expect(misuse(() => source({ issuer, tokenEndpoint }))).toBe(
      'issuer and tokenEndpoint are both given: give one of them',
    );
  });

  test('where the issuer is a token endpoint', async () => {
    const fetch = answering(notFound);
    const { message } = await failureOf(source({ issuer: tokenEndpoint, fetch }).getToken());
    expect(message).toMatch(/; it looks like a token endpoint: give it as tokenEndpoint$/);
    const other = await failureOf(source({ issuer, fetch }).getToken());
    expect(other.message).toMatch(/; check the issuer, or give tokenEndpoint instead$/);
  });

  test.each([404, 405])('where the token endpoint is none: status %i', async (status) => {
    const fetch = answering({ ...notFound, status });
    const { message } = await failureOf(source({ tokenEndpoint: issuer, fetch }).getToken());
    expect(message).toMatch(/; check tokenEndpoint, or give issuer if this is the issuer$/);
  });
});

describe('a secret that ends in a line break', () => {
  const bodies: string[] = [];
  afterEach(() => {
    bodies.length = 0;
  });

  test.each([
    ['\n', true],
    ['\r\n', true],
    ['', false],
  ])('(%j) is sent as it is, and a refusal says so', async (end, says) => {
    const secret = `${clientSecret}${end}`;
    const error = await failureOf(
      source({
        clientSecret: secret,
        clientAuthentication: 'client_secret_post',
        fetch: async (_url, init) => {
          bodies.push(init?.body?.get('client_secret') ?? '');
          return Response.json({ error: 'invalid_client' }, { status: 401 });
        },
      }).getToken(),
    );
    expect(bodies).toEqual([secret]);
    expect(error.message.includes('the secret ends in a line break')).toBe(says);
    expectNoSecretIn(error);
  });
});
