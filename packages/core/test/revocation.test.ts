import { describe, expect, test } from '@jest/globals';
import {
  type ClientTokenSource,
  privateKeyJwt,
  refreshToken,
  tlsClientAuth,
  sharedStore,
  type TokenStore,
  type TokenSourceOptions,
} from '../src/index.ts';
import {
  answer,
  answerTokenRequests,
  clientId,
  clientSecret,
  expectNoSecretIn,
  failureOf,
  formOf,
  issuer,
  type Received,
  shownOf,
  source,
  token,
  tokenEndpoint,
  tokenValue,
} from './support.ts';
import { hour, untimedClock } from './test-clock.ts';

const revocationEndpoint = `${issuer}/connect/revocation`;

/** Metadata with a revocation endpoint, unless it is to have another one. */
function serveMetadata(more: object = { revocation_endpoint: revocationEndpoint }): void {
  answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint, ...more },
  });
}

/** A source that has a token, and what becomes of it. */
async function holding(
  options: Partial<TokenSourceOptions> = {},
  ...answers: Parameters<typeof answer>[2][]
): Promise<{ running: ClientTokenSource; revoked: Received[] }> {
  serveMetadata();
  answerTokenRequests();
  const running = source({ issuer, ...options });
  await running.getToken();
  return { running, revoked: answer('POST', revocationEndpoint, ...(answers.length === 0 ? [{}] : answers)) };
}

describe('revoke()', () => {
  test('makes the token worthless, as the client that it was issued to, and forgets it', async () => {
    const { running, revoked } = await holding();
    await running.revoke();
    expect(formOf(revoked[0])).toEqual([
      ['client_id', clientId],
      ['client_secret', clientSecret],
      ['token', tokenValue],
      ['token_type_hint', 'access_token'],
    ]);
    answerTokenRequests(token({ access_token: 'another' }));
    await expect(running.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('authenticates in the client’s own way', async () => {
    const { running, revoked } = await holding({ clientAuthentication: 'client_secret_basic' });
    await running.revoke();
    expect(revoked[0]?.headers.get('authorization')).toMatch(/^Basic /);
  });

  test('has a new assertion for that', async () => {
    const { privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    const clientAuthentication = privateKeyJwt({ key: privateKey });
    const { running, revoked } = await holding({ clientSecret: undefined, clientAuthentication });
    await running.revoke();
    expect(new Map(formOf(revoked[0])).get('client_assertion')).toMatch(/^\S+\.\S+\.\S+$/);
  });

  test('uses the endpoint for connections with certificates, where there is one', async () => {
    const alias = 'https://mtls.example.com/revoke';
    serveMetadata({ revocation_endpoint: revocationEndpoint, mtls_endpoint_aliases: { revocation_endpoint: alias } });
    answerTokenRequests();
    const running = source({ issuer, clientSecret: undefined, clientAuthentication: tlsClientAuth() });
    await running.getToken();
    const revoked = answer('POST', alias, {});
    await running.revoke();
    expect(revoked).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['has no such endpoint', {}],
    ['has one that is no URL', { revocation_endpoint: '/connect/revocation' }],
    ['has one where others could listen', { revocation_endpoint: 'http://login.example.com/connect/revocation' }],
    ['has something else in its place', { revocation_endpoint: { url: revocationEndpoint } }],
  ])('only forgets the token where the server %s', async (_, metadata) => {
    serveMetadata(metadata);
    answerTokenRequests(token(), token({ access_token: 'another' }));
    const running = source({ issuer });
    await running.getToken();
    await running.revoke();
    await expect(running.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('only forgets the token where nothing is known of the server but its token endpoint', async () => {
    answerTokenRequests(token(), token({ access_token: 'another' }));
    const running = source();
    await running.getToken();
    await running.revoke();
    await expect(running.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('sends nothing where there is no token, or none that is still good', async () => {
    await source({ issuer }).revoke();
    const clock = untimedClock();
    const { running, revoked } = await holding({ clock });
    clock.advance(hour);
    await running.revoke();
    await running.revoke();
    expect(revoked).toHaveLength(0);
  });

  test('is content where the server does not revoke access tokens', async () => {
    const { running } = await holding({}, { status: 400, body: { error: 'unsupported_token_type' } });
    await expect(running.revoke()).resolves.toBeUndefined();
  });

  test.each<[string, Parameters<typeof answer>[2], object]>([
    [
      'refuses the client',
      { status: 401, body: { error: 'invalid_client', error_description: `${clientSecret} ${tokenValue}` } },
      { error: 'invalid_client' },
    ],
    ['is out of order', { status: 503 }, { code: 'ERR_TOKEN_REQUEST', status: 503, transient: true }],
    [
      'sends it elsewhere',
      { status: 307, headers: { location: 'https://example.com' } },
      { code: 'ERR_TOKEN_REQUEST' },
    ],
  ])('says so where the server %s, and forgets the token', async (_, reply, expected) => {
    const { running } = await holding({}, reply);
    const error = await failureOf(running.revoke());
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(revocationEndpoint);
    expectNoSecretIn(error);
    answerTokenRequests(token({ access_token: 'another' }));
    await expect(running.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('ends in time', async () => {
    let asked = 0;
    const fetch = (url: RequestInfo | URL): Promise<Response> => {
      if (++asked > 2) return new Promise(() => {});
      const metadata = { issuer, token_endpoint: tokenEndpoint, revocation_endpoint: revocationEndpoint };
      return Promise.resolve(Response.json(new Request(url).url.includes('.well-known') ? metadata : token().body));
    };
    const running = source({ issuer, fetch, timeout: 20 });
    await running.getToken();
    expect(await failureOf(running.revoke())).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT', transient: true });
  });

  test('takes the token from no store again', async () => {
    const values = new Map<string, string>();
    const store: TokenStore = {
      get: async (key) => {
        const value = values.get(key);
        return value === undefined ? undefined : { value };
      },
      set: async (key, value) => void values.set(key, value),
      lease: async () => true,
      release: async () => {},
    };
    const { running, revoked } = await holding({ store: sharedStore(store) });
    await running.revoke();
    expect(revoked).toHaveLength(1);
    answerTokenRequests(token({ access_token: 'another' }));
    await expect(running.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('waits for what is under way, and revokes that too', async () => {
    serveMetadata();
    answerTokenRequests();
    const revoked = answer('POST', revocationEndpoint, {});
    const running = source({ issuer });
    const waiting = running.getToken();
    await running.revoke();
    await expect(waiting).resolves.toMatchObject({ value: tokenValue });
    expect(new Map(formOf(revoked[0])).get('token')).toBe(tokenValue);
  });

  test('tries all tokens, though one cannot be revoked', async () => {
    serveMetadata();
    answerTokenRequests(token({ access_token: 'a' }), token({ access_token: 'b' }), token({ access_token: 'c' }));
    const running = source({ issuer });
    for (const scope of ['a', 'b', 'c']) await running.with({ scope }).getToken();
    const revoked = answer('POST', revocationEndpoint, { status: 503 }, {}, {});
    expect(await failureOf(running.revoke())).toMatchObject({ status: 503 });
    expect(new Set(revoked.map((request) => new Map(formOf(request)).get('token')))).toEqual(new Set(['a', 'b', 'c']));
  });
});

describe('a source that is disposed of', () => {
  test('gives up its tokens, revokes nothing, and serves no more', async () => {
    const { running, revoked } = await holding();
    await running[Symbol.asyncDispose]();
    await running[Symbol.asyncDispose]();
    const derived = running.with({ scope: 'a' });
    for (const each of [running, derived]) {
      expect(await failureOf(each.getToken())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: false });
      await each.revoke();
    }
    expect(revoked).toHaveLength(0);
  });

  test('ends what is under way, whoever waits', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const running = source({
      fetch: (_url, init) => {
        signals.push(init?.signal);
        return new Promise(() => {});
      },
    });
    const waiting = ['a', 'b'].map((scope) => failureOf(running.with({ scope }).getToken()));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await running[Symbol.asyncDispose]();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    for (const error of await Promise.all(waiting)) expect(error.message).toContain('disposed');
  });

  test('lets the answer to a refresh token be kept', async () => {
    const saved: string[] = [];
    const running = source({
      grant: refreshToken({ load: () => 'first', save: (next) => saved.push(next) }),
      fetch: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return Response.json({ ...(token().body as object), refresh_token: 'second' });
      },
    });
    const waiting = failureOf(running.getToken());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await running[Symbol.asyncDispose]();
    expect(saved).toEqual(['second']);
    expect((await waiting).message).toContain('disposed');
  });

  test('is not the one that it was derived from', async () => {
    answerTokenRequests(token(), token({ access_token: 'derived' }), token({ access_token: 'another' }));
    const running = source();
    const derived = running.with({ scope: 'a' });
    await running.getToken();
    await derived.getToken();
    await derived[Symbol.asyncDispose]();
    await expect(running.getToken()).resolves.toMatchObject({ value: tokenValue });
    await expect(derived.getToken()).resolves.toMatchObject({ value: 'another' });
  });

  test('shows no more than before', async () => {
    const { running } = await holding();
    await running[Symbol.asyncDispose]();
    expectNoSecretIn(running);
    expect(shownOf(running)).not.toContain(tokenValue);
  });
});
