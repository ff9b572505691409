import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT } from 'jose';
import nock from 'nock';
import {
  clientAssertion,
  clientSecretJwt,
  type ClientTokenSource,
  createTokenSource,
  extensionGrant,
  OAuthError,
  privateKeyJwt,
  refreshToken,
  type SigningAlgorithm,
  type TokenSourceOptions,
} from '../src/index.ts';
import { AuthorizationServer, extension } from '@tokenline/adapter-tests/authorization-server';
import { expectNoSecretIn, failureOf, shownOf } from './support.ts';

// Long enough for HS256, and odd enough for everything else.
const secret = `s3cr:t +%41/&="~'\\ and thirty-two more bytes of it`;
const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
const keys = new Map<SigningAlgorithm, Awaited<ReturnType<typeof generateKeyPair>>>();
let server: AuthorizationServer;

beforeAll(async () => {
  nock.restore();
  const registrations: Record<string, Parameters<typeof AuthorizationServer.start>[0][string]> = {
    client_secret_post: { token_endpoint_auth_method: 'client_secret_post', client_secret: secret },
    client_secret_basic: { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret },
    client_secret_jwt: { token_endpoint_auth_method: 'client_secret_jwt', client_secret: secret },
    none: { token_endpoint_auth_method: 'none', grant_types: ['refresh_token', extension] },
  };
  for (const algorithm of algorithms) {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    keys.set(algorithm, pair);
    registrations[algorithm] = {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first', use: 'sig' }] },
    };
  }
  server = await AuthorizationServer.start(registrations);
});

afterAll(() => server.close());

const sourceOf = (options: Partial<TokenSourceOptions> & { clientId: string }): ClientTokenSource =>
  createTokenSource({ issuer: server.issuer, ...options });

/** Expects that the server knows the client, and refuses to know it by these options. */
async function expectDifference(
  clientId: string,
  right: Omit<Partial<TokenSourceOptions>, 'clientId'>,
  wrong: Omit<Partial<TokenSourceOptions>, 'clientId'>,
): Promise<void> {
  const running = sourceOf({ clientId, ...right });
  const token = await running.getToken();
  expect(token.type).toBe('Bearer');
  const error = await failureOf(sourceOf({ clientId, ...wrong }).getToken());
  expect(error).toMatchObject({ error: 'invalid_client' });
  expect(error).toBeInstanceOf(OAuthError);
  expectNoSecretIn(error);
  for (const shown of [shownOf(error), shownOf(running)]) {
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(token.value);
  }
}

/** A private key of the client in the three forms that it may have. */
async function formsOf(algorithm: SigningAlgorithm): Promise<[string, CryptoKey | JsonWebKey | string][]> {
  const { privateKey } = keys.get(algorithm) ?? (await generateKeyPair(algorithm, { extractable: true }));
  return [
    ['CryptoKey', privateKey],
    ['JWK', { ...(await exportJWK(privateKey)), kid: 'first', alg: algorithm, use: 'sig' } as JsonWebKey],
    ['PEM', await exportPKCS8(privateKey)],
  ];
}

describe('a strict server accepts the right credential and refuses a wrong one', () => {
  test.each<['client_secret_post' | 'client_secret_basic' | 'client_secret_jwt']>([
    ['client_secret_post'],
    ['client_secret_basic'],
    ['client_secret_jwt'],
  ])('with %s', async (method) => {
    await expectDifference(
      method,
      { clientAuthentication: method, clientSecret: secret },
      { clientAuthentication: method, clientSecret: `${secret}!` },
    );
  });

  test('with client_secret_jwt for the token endpoint', async () => {
    const clientSecret = secret;
    await expectDifference(
      'client_secret_jwt',
      { clientAuthentication: clientSecretJwt({ audience: 'token_endpoint' }), clientSecret },
      { clientAuthentication: clientSecretJwt({ audience: 'https://login.example.com' }), clientSecret },
    );
  });

  test.each(algorithms)('with private_key_jwt, signed with %s, whatever form the key has', async (algorithm) => {
    const { privateKey: another } = await generateKeyPair(algorithm);
    for (const [form, key] of await formsOf(algorithm)) {
      await expectDifference(
        algorithm,
        { clientAuthentication: privateKeyJwt({ key, ...(form === 'PEM' && { kid: 'first', algorithm }) }) },
        { clientAuthentication: privateKeyJwt({ key: another }) },
      );
    }
  });

  test.each([
    ['the issuer', 'issuer'],
    ['the token endpoint', 'token_endpoint'],
  ])('with private_key_jwt for %s', async (_, audience) => {
    const key = keys.get('ES256')?.privateKey as CryptoKey;
    await expectDifference(
      'ES256',
      { clientAuthentication: privateKeyJwt({ key, audience }) },
      { clientAuthentication: privateKeyJwt({ key, audience: 'https://login.example.com' }) },
    );
  });

  test('with an assertion that somebody else made, once', async () => {
    const { privateKey } = keys.get('ES256') ?? {};
    const sign = (): Promise<string> =>
      new SignJWT()
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('ES256')
        .setSubject('ES256')
        .setAudience(server.issuer)
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey as CryptoKey);
    const used = await sign();
    await expectDifference(
      'ES256',
      { clientAuthentication: clientAssertion(sign) },
      { clientAuthentication: clientAssertion(async () => `${used}x`) },
    );
    const again = sourceOf({ clientId: 'ES256', clientAuthentication: clientAssertion(() => `${used}\n`) });
    const first = await again.getToken();
    expect(await failureOf(again.getToken({ rejected: first.value }))).toMatchObject({ error: 'invalid_client' });
  });
});

test('every assertion of a source is another one', async () => {
  const key = keys.get('ES256')?.privateKey as CryptoKey;
  for (const options of [
    { clientId: 'ES256', clientAuthentication: privateKeyJwt({ key }) },
    { clientId: 'client_secret_jwt', clientAuthentication: 'client_secret_jwt', clientSecret: secret } as const,
  ]) {
    const running = sourceOf(options);
    const values = new Set<string>();
    for (const scope of ['', 'orders.read', 'orders.write']) {
      values.add((await running.with({ scope }).getToken()).value);
    }
    expect(values.size).toBe(3);
  }
});

test('a client that has no secret says who it is, and no more', async () => {
  const grant = extensionGrant(extension, { ticket: 'a good ticket' });
  await expect(sourceOf({ clientId: 'none', clientAuthentication: 'none', grant }).getToken()).resolves.toMatchObject({
    type: 'Bearer',
  });
  const error = await failureOf(
    sourceOf({ clientId: 'client_secret_post', clientAuthentication: 'none', grant }).getToken(),
  );
  expect(error).toMatchObject({ error: 'invalid_client' });
});

test('an extension grant is granted by what it presents', async () => {
  const client = { clientId: 'client_secret_post', clientSecret: secret };
  let ticket = 'a forged ticket';
  const running = sourceOf({ ...client, grant: extensionGrant(extension, { ticket: () => ticket }) });
  const error = await failureOf(running.getToken());
  expect(error).toMatchObject({ error: 'invalid_grant' });
  expect(shownOf(error)).not.toContain(ticket);
  ticket = 'a good ticket';
  await expect(running.getToken()).resolves.toMatchObject({ type: 'Bearer' });
});

/** A source whose refresh token a user keeps. */
async function kept(): Promise<{ running: ClientTokenSource; tokens: string[] }> {
  const tokens = [await server.refreshTokenFor('none')];
  const grant = refreshToken({
    load: async () => tokens.at(-1) ?? '',
    save: async (token) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      tokens.push(token);
    },
  });
  return { running: sourceOf({ clientId: 'none', clientAuthentication: 'none', grant }), tokens };
}

describe('refresh tokens that are good for one request', () => {
  test('are used one after the other, though many renewals run at once', async () => {
    const { running, tokens } = await kept();
    const sources = ['openid', 'offline_access', 'openid offline_access'].map((scope) => running.with({ scope }));
    const values = await Promise.all(sources.map((each) => each.getToken()));
    expect(new Set(values.map(({ value }) => value)).size).toBe(3);
    expect(new Set(tokens).size).toBe(4);
    const again = await Promise.all(sources.map((each, at) => each.getToken({ rejected: values[at]?.value ?? '' })));
    expect(new Set(again.map(({ value }) => value)).size).toBe(3);
    expect(new Set(tokens).size).toBe(7);
  });

  test('survive a caller who leaves in the middle', async () => {
    const { running, tokens } = await kept();
    const controller = new AbortController();
    const left = running.getToken({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error('gone')), 1);
    await Promise.allSettled([left]);
    await expect(running.getToken()).resolves.toMatchObject({ type: 'Bearer' });
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

const find = (value: string): Promise<unknown> => server.provider.ClientCredentials.find(value);

describe('a token that is revoked', () => {
  test('is worthless to everybody, and the next one is another', async () => {
    const running = sourceOf({ clientId: 'client_secret_basic', clientSecret: secret });
    const derived = running.with({ scope: 'orders.read' });
    const tokens = await Promise.all([running.getToken(), derived.getToken()]);
    for (const { value } of tokens) expect(await find(value)).toBeDefined();
    await running.revoke();
    for (const { value } of tokens) expect(await find(value)).toBeUndefined();
    const next = await running.getToken();
    expect(tokens.map(({ value }) => value)).not.toContain(next.value);
    expect(await find(next.value)).toBeDefined();
  });

  test('is that of a derived source alone, where that is asked', async () => {
    const running = sourceOf({
      clientId: 'ES256',
      clientAuthentication: privateKeyJwt({ key: keys.get('ES256')?.privateKey as CryptoKey }),
    });
    const derived = running.with({ scope: 'orders.read' });
    const [first, second] = await Promise.all([running.getToken(), derived.getToken()]);
    await derived.revoke();
    expect(await find(second.value)).toBeUndefined();
    expect(await find(first.value)).toBeDefined();
    expect((await running.getToken()).value).toBe(first.value);
  });
});
