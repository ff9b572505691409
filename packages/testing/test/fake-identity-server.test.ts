import { describe, expect, test } from '@jest/globals';
import { createTokenSource, privateKeyJwt, proofKey, tokenErrorOf, type TokenSourceOptions } from '@tokenline/core';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify } from 'jose';
import { inspect } from 'node:util';
import { type FakeIdentityServer, fakeIdentityServer, testClock } from '../src/index.ts';

const second = 1_000;
const sourceOf = (server: FakeIdentityServer, options: Partial<TokenSourceOptions> = {}) =>
  createTokenSource({ ...server.client, fetch: server.fetch, patience: 0, ...options });
const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, tokenErrorOf);

describe('tokens', () => {
  test('live as long as they are told to, by the clock of the server', async () => {
    const clock = testClock();
    const server = fakeIdentityServer({ clock });
    server.lifetime = 4 * second;
    const source = sourceOf(server, { clock });
    const { value, expiresAt } = await source.getToken();
    expect(expiresAt).toBe(clock.now() + 4 * second);
    clock.advance(4 * second - 1);
    expect(server.introspect(value)).toMatchObject({ clientId: 'orders', scope: 'orders.read orders.write' });
    clock.advance(1);
    expect(server.introspect(value)).toBeUndefined();
    expect((await source.getToken()).value).toBe('token-2');
  });

  test('are revoked one by one, and all together', async () => {
    const server = fakeIdentityServer();
    const sources = ['orders.read', 'orders.write', ''].map((scope) => sourceOf(server, { scope }));
    const [first, second_, third] = await Promise.all(sources.map((source) => source.getToken()));
    const valid = (): boolean[] => [first, second_, third].map((token) => !!server.introspect(token?.value ?? ''));
    server.revoke(first?.value ?? '');
    expect(valid()).toEqual([false, true, true]);
    await sources[1]?.revoke();
    expect(valid()).toEqual([false, false, true]);
    server.revokeAll();
    expect(valid()).toEqual([false, false, false]);
  });

  test('can be JWTs that its keys verify', async () => {
    const server = fakeIdentityServer({ accessTokenFormat: 'jwt', resources: ['https://api.example.com'] });
    const { value } = await sourceOf(server, { resource: 'https://api.example.com', dpop: proofKey() }).getToken();
    const keys = (await (await server.fetch(`${server.issuer}/jwks`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(value, createLocalJWKSet(keys), {
      issuer: server.issuer,
      audience: 'https://api.example.com',
      typ: 'at+jwt',
    });
    const jkt = server.introspect(value)?.thumbprint;
    expect(payload).toMatchObject({ sub: 'orders', client_id: 'orders', scope: server.client.scope, cnf: { jkt } });
  });
});

describe('clients', () => {
  test('are those that it is told of, besides its own', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [await exportJWK(publicKey)] };
    const server = fakeIdentityServer({
      clients: { billing: { jwks, token_endpoint_auth_method: 'private_key_jwt' } },
    });
    const clientAuthentication = privateKeyJwt({ key: privateKey });
    await sourceOf(server, { clientId: 'billing', clientSecret: undefined, clientAuthentication }).getToken();
    await sourceOf(server).getToken();
    expect(server.tokenRequests).toMatchObject([
      { clientId: 'billing', clientAuthentication: 'private_key_jwt', form: { client_assertion: '[redacted]' } },
      { clientId: 'orders', clientAuthentication: 'client_secret_post', form: { client_secret: '[redacted]' } },
    ]);
  });

  test('may get another secret', async () => {
    const server = fakeIdentityServer();
    const source = sourceOf(server);
    server.register('orders', { client_secret: 'other', token_endpoint_auth_method: 'client_secret_post' });
    expect(await failureOf(source.getToken())).toMatchObject({ error: 'invalid_client', status: 401 });
    await expect(sourceOf(server).getToken()).resolves.toMatchObject({ type: 'Bearer' });
  });

  test.each([
    [{}, 'needs a client_secret for client_secret_basic'],
    [{ token_endpoint_auth_method: 'private_key_jwt' } as const, 'needs jwks for private_key_jwt'],
  ])('of %o are refused where they are written', (registration, message) => {
    expect(() => fakeIdentityServer({ clients: { billing: registration } })).toThrow(message);
  });
});

describe('an issuer with a path', () => {
  test.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
    'has its metadata at %s',
    async (place) => {
      const server = fakeIdentityServer({ issuer: new URL('https://login.example.com/tenant') });
      const url = place.includes('openid')
        ? `https://login.example.com/tenant${place}`
        : `https://login.example.com${place}/tenant`;
      expect(await (await server.fetch(url)).json()).toMatchObject({
        issuer: 'https://login.example.com/tenant',
        token_endpoint: 'https://login.example.com/tenant/token',
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
      await expect(sourceOf(server).getToken()).resolves.toMatchObject({ type: 'Bearer' });
    },
  );
});

describe('nonces', () => {
  test('are asked for and replaced', async () => {
    const server = fakeIdentityServer();
    server.requireNonce = true;
    const source = sourceOf(server, { dpop: proofKey() });
    const { value } = await source.getToken();
    expect(server.tokenRequests.map(({ error }) => error)).toEqual(['use_dpop_nonce', undefined]);
    server.rotateNonce();
    await source.getToken({ rejected: value });
    expect(server.tokenRequests.map(({ status }) => status)).toEqual([400, 200, 400, 200]);
  });
});

const statuses = (server: FakeIdentityServer): unknown[] => server.tokenRequests.map(({ status }) => status);

describe('the script', () => {
  test('fails the next requests, and no others', async () => {
    const server = fakeIdentityServer();
    server.failNext({ status: 503, times: 2, headers: { 'retry-after': '7' } });
    server.failNext({ error: 'invalid_client' });
    const failures = await Promise.all(['a', 'b', 'c'].map(() => failureOf(sourceOf(server).getToken())));
    expect(failures).toMatchObject([
      { code: 'ERR_TOKEN_REQUEST', status: 503, retryAfter: 7 * second },
      { code: 'ERR_TOKEN_REQUEST', status: 503 },
      { code: 'ERR_OAUTH_RESPONSE', status: 400, error: 'invalid_client' },
    ]);
    await sourceOf(server).getToken();
    expect(statuses(server)).toEqual([503, 503, 400, 200]);
    expect(server.tokenRequests[2]).toMatchObject({ error: 'invalid_client' });
  });

  test('fails another endpoint', async () => {
    const server = fakeIdentityServer();
    server.failNext({ status: 500, endpoint: 'metadata' });
    server.failNext({ endpoint: 'revocation', error: 'unsupported_token_type' });
    expect(await failureOf(sourceOf(server).getToken())).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', status: 500 });
    const source = sourceOf(server);
    const { value } = await source.getToken();
    await source.revoke();
    expect(server.introspect(value)).toBeDefined();
  });

  test('leaves requests without an answer, until the server recovers', async () => {
    const clock = testClock();
    const server = fakeIdentityServer({ clock });
    server.hangNext();
    server.failNext({ times: Infinity });
    const asked = sourceOf(server, { clock }).getToken();
    await clock.advanceAsync(9 * second);
    expect(statuses(server)).toEqual([undefined]);
    server.recover();
    await expect(asked).resolves.toMatchObject({ value: 'token-1' });
    await sourceOf(server, { clock }).getToken();
    expect(statuses(server)).toEqual([200, 200]);
  });

  test('lets a test wait until a request has arrived, and answer it then', async () => {
    const server = fakeIdentityServer();
    const hanging = server.hangNext({ times: 2 });
    const source = sourceOf(server);
    const asked = [source.getToken(), source.getToken()];
    await hanging.arrived;
    expect(statuses(server)).toEqual([undefined]);
    hanging.release();
    expect(new Set((await Promise.all(asked)).map(({ value }) => value))).toEqual(new Set(['token-1']));
    await sourceOf(server).getToken();
    expect(statuses(server)).toEqual([200, 200]);
  });

  test('answers what you like', async () => {
    const server = fakeIdentityServer();
    server.answerNext(Response.json({ token: 'odd' }), { times: 2 });
    server.answerNext((request) => Response.json({ access_token: request.method, token_type: 'Bearer' }));
    const failed = await Promise.all([1, 2].map(() => failureOf(sourceOf(server).getToken())));
    expect(failed).toMatchObject([{ code: 'ERR_TOKEN_RESPONSE' }, { code: 'ERR_TOKEN_RESPONSE' }]);
    await expect(sourceOf(server).getToken()).resolves.toMatchObject({ value: 'POST' });
    // Nothing is known of such a token.
    expect(server.introspect('POST')).toBeUndefined();
  });

  test.each([0, -1, 1.5, Number.NaN])('happens %d times to nobody', (times) => {
    expect(() => fakeIdentityServer().failNext({ times })).toThrow(TypeError);
  });
});

test('what it saw tells no credential', async () => {
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  server.register('basic', { client_secret: 'opensesame' });
  const client = {
    clientId: 'basic',
    clientSecret: 'opensesame',
    clientAuthentication: 'client_secret_basic',
  } as const;
  const more = { parameters: { tenant: 'acme', api_key: 'k3y' }, headers: { 'x-api-key': 'k3y' } };
  await sourceOf(server, { ...client, ...more, clock, dpop: proofKey() }).getToken();
  const [request] = server.tokenRequests;
  expect(request).toEqual({
    time: clock.now(),
    clientId: 'basic',
    clientAuthentication: 'client_secret_basic',
    form: { grant_type: 'client_credentials', scope: server.client.scope, tenant: 'acme', api_key: '[redacted]' },
    headers: expect.objectContaining({
      authorization: 'Basic [redacted]',
      dpop: '[redacted]',
      'x-api-key': '[redacted]',
    }),
    status: 200,
    error: undefined,
  });
  for (const shown of [inspect(server, { depth: 9 }), JSON.stringify(server.tokenRequests)]) {
    for (const confidential of ['opensesame', 'k3y', btoa('basic:opensesame')])
      expect(shown).not.toContain(confidential);
  }
});

test('a request that says something twice is seen as it is', async () => {
  const server = fakeIdentityServer();
  const form = [...Object.entries({ client_id: 'orders', client_secret: 'x' }), ['scope', 'a'], ['scope', 'b']];
  await server.fetch(server.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
  const seen = { client_id: 'orders', client_secret: '[redacted]', scope: ['a', 'b'] };
  expect(server.tokenRequests).toMatchObject([{ clientId: 'orders', form: seen, status: 400 }]);
});

test('a request that says nothing of a client is seen, too', async () => {
  const server = fakeIdentityServer();
  await server.fetch(server.tokenEndpoint, { method: 'POST', body: 'x' });
  expect(server.tokenRequests).toMatchObject([
    { clientId: undefined, clientAuthentication: undefined, form: {}, status: 400 },
  ]);
});
