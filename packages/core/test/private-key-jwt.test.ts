import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, exportPKCS8, generateKeyPair, type JWK, jwtVerify } from 'jose';
import { clientSecretJwt, privateKeyJwt, type PrivateKeyJwtOptions, type TokenSourceOptions } from '../src/index.ts';
import {
  answer,
  answerTokenRequests,
  clientId,
  clientSecret,
  failureOf,
  formOf,
  issuer,
  misuse,
  shownOf,
  source,
  token,
  tokenEndpoint,
} from './support.ts';
import { second, untimedClock } from './test-clock.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let ec: Pair;
let rsa: Pair;
let ed: Pair;
beforeAll(async () => {
  [ec, rsa, ed] = (await Promise.all(
    ['ES256', 'RS256', 'EdDSA'].map((algorithm) => generateKeyPair(algorithm, { extractable: true })),
  )) as [Pair, Pair, Pair];
});

const without = { clientSecret: undefined };

/** The assertions by which a source authenticates. */
async function assertionsOf(options: Partial<TokenSourceOptions>, requests = 1): Promise<string[]> {
  const answers = Array.from({ length: requests }, (_, index) => token({ access_token: `token-${index}` }));
  const received = answerTokenRequests(...answers);
  const running = source(options);
  for (let index = 0; index < requests; index++) await running.getToken({ rejected: `token-${index - 1}` });
  return received.map((request) => new Map(formOf(request)).get('client_assertion') ?? '');
}

const assertionOf = async (options: PrivateKeyJwtOptions, more: Partial<TokenSourceOptions> = {}): Promise<string> =>
  (await assertionsOf({ ...without, ...more, clientAuthentication: privateKeyJwt(options) }))[0] ?? '';

describe('an assertion of a client', () => {
  test('says who it is from, for a minute from now by the clock that was given, in a form with nothing else', async () => {
    const received = answerTokenRequests();
    const clock = untimedClock();
    clock.advance(500);
    await source({ ...without, clock, clientAuthentication: privateKeyJwt({ key: ec.privateKey }) }).getToken();
    const form = new Map(formOf(received[0]));
    expect([...form.keys()]).toEqual(['client_assertion', 'client_assertion_type', 'client_id', 'grant_type']);
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const now = Math.floor(clock.now() / second);
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', ec.publicKey, {
      currentDate: new Date(clock.now()),
    });
    expect(payload).toEqual({
      iss: clientId,
      sub: clientId,
      aud: tokenEndpoint,
      iat: now,
      nbf: now,
      exp: now + 60,
      jti: expect.any(String),
    });
  });

  test('is another one each time', async () => {
    for (const options of [
      { ...without, clientAuthentication: privateKeyJwt({ key: ec.privateKey }) },
      { clientAuthentication: clientSecretJwt() },
    ]) {
      const ids = (await assertionsOf(options, 3)).map((assertion) => decodeJwt(assertion).jti);
      expect(new Set(ids).size).toBe(3);
    }
  });

  test('is signed with the secret, where it is client_secret_jwt', async () => {
    const clock = untimedClock();
    const [assertion = ''] = await assertionsOf({ clock, clientAuthentication: 'client_secret_jwt' });
    const verified = await jwtVerify(assertion, new TextEncoder().encode(clientSecret), {
      currentDate: new Date(clock.now()),
    });
    expect(verified.protectedHeader.alg).toBe('HS256');
    expect(verified.payload).toMatchObject({ iss: clientId, sub: clientId, aud: tokenEndpoint });
  });

  test.each([
    [undefined, issuer],
    ['issuer', issuer],
    ['token_endpoint', tokenEndpoint],
    ['https://login.example.com/somewhere', 'https://login.example.com/somewhere'],
  ])('that is meant for %p names %s', async (audience, aud) => {
    for (const options of [
      { ...without, clientAuthentication: privateKeyJwt({ key: ec.privateKey, audience }) },
      { clientAuthentication: clientSecretJwt({ audience }) },
    ]) {
      answer('GET', `${issuer}/.well-known/openid-configuration`, { body: { issuer, token_endpoint: tokenEndpoint } });
      const [assertion = ''] = await assertionsOf({ ...options, issuer });
      expect(decodeJwt(assertion).aud).toBe(aud);
    }
  });

  test('names its key where there are several, and has what else the server wants to see', async () => {
    const jwk = { ...(await exportJWK(ec.privateKey)), kid: 'of the JWK' };
    expect(decodeProtectedHeader(await assertionOf({ key: ec.privateKey }))).toEqual({ alg: 'ES256' });
    expect(decodeProtectedHeader(await assertionOf({ key: jwk }))).toEqual({
      alg: 'ES256',
      kid: 'of the JWK',
    });
    const header = { 'x5t#S256': 'thumbprint', typ: 'JWT', alg: 'none' };
    expect(decodeProtectedHeader(await assertionOf({ key: jwk, kid: 'first', header }))).toEqual({
      alg: 'ES256',
      kid: 'first',
      typ: 'JWT',
      'x5t#S256': 'thumbprint',
    });
  });
});

describe('a private key', () => {
  const pairs = { ES256: () => ec, RS256: () => rsa, EdDSA: () => ed };

  test.each(['ES256', 'RS256', 'EdDSA'] as const)('signs with %s where nothing else is said', async (algorithm) => {
    const { privateKey } = pairs[algorithm]();
    for (const key of [privateKey, await exportPKCS8(privateKey), (await exportJWK(privateKey)) as JsonWebKey]) {
      expect(decodeProtectedHeader(await assertionOf({ key })).alg).toBe(algorithm);
    }
  });

  test.each([
    ['PS256', () => rsa],
    ['Ed25519', () => ed],
  ] as const)('signs with %s where that is said, by the option or in the JWK', async (algorithm, pair) => {
    const { privateKey, publicKey } = pair();
    const jwk: JWK = await exportJWK(privateKey);
    const forms: PrivateKeyJwtOptions[] = [
      { key: jwk, algorithm },
      { key: { ...jwk, alg: algorithm } },
      { key: await exportPKCS8(privateKey), algorithm },
    ];
    for (const form of forms) {
      const assertion = await assertionOf(form);
      expect(decodeProtectedHeader(assertion).alg).toBe(algorithm);
      if (algorithm === 'Ed25519')
        await jwtVerify(assertion, publicKey, { currentDate: new Date(untimedClock().now()) });
    }
  });

  test('may be PEM from a variable whose line breaks are written out', async () => {
    const pem = (await exportPKCS8(rsa.privateKey)).replaceAll('\n', '\\n');
    expect(decodeProtectedHeader(await assertionOf({ key: pem })).alg).toBe('RS256');
  });

  test('may be a JWK whose use is that of its public part', async () => {
    const jwk = { ...(await exportJWK(ec.privateKey)), use: 'sig', key_ops: ['verify'], ext: false, alg: 'ECDH-ES' };
    expect(decodeProtectedHeader(await assertionOf({ key: jwk })).alg).toBe('ES256');
  });

  test('that is none is refused, without a word of its content', async () => {
    const pem = await exportPKCS8(ec.privateKey);
    const { publicKey } = ec;
    const { privateKey: agreement } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ]);
    const wrong: [unknown, string][] = [
      [undefined, 'key'],
      [null, 'key'],
      [7, 'key'],
      [{}, 'CryptoKey'],
      [publicKey, 'private CryptoKey'],
      [agreement, 'private CryptoKey'],
      [await exportJWK(publicKey), 'private JWK'],
      [{ kty: 'oct', k: 'secret', d: 'd' }, 'no use'],
      ['', 'PKCS#8'],
      ['not a key', 'PKCS#8'],
      [pem.replaceAll('PRIVATE KEY', 'EC PRIVATE KEY'), 'openssl'],
      [pem.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'), 'openssl'],
      [pem.replace(/\n.*\n/, '\n*secret*\n'), 'PKCS#8'],
      ['-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----', 'no use'],
    ];
    for (const [key, named] of wrong) {
      const message = misuse(() => privateKeyJwt({ key: key as never }));
      expect(message).toContain(named);
      expect(message).not.toContain('secret');
    }
  });

  test('that does not fit the algorithm is refused', async () => {
    const { d, ...rest } = await exportJWK(ec.privateKey);
    for (const key of [ec.privateKey, { ...rest, d } as JsonWebKey, await exportPKCS8(ec.privateKey)]) {
      expect(misuse(() => privateKeyJwt({ key, algorithm: 'RS256' }))).toContain('RS256');
    }
    // A CryptoKey is made for one way to sign.
    expect(misuse(() => privateKeyJwt({ key: rsa.privateKey, algorithm: 'PS256' }))).toContain('PS256');
    for (const algorithm of ['HS256', 'none', 'toString', null]) {
      expect(misuse(() => privateKeyJwt({ key: ec.privateKey, algorithm: algorithm as never }))).toContain('algorithm');
    }
  });

  test.each([
    ['kid', 7],
    ['kid', ''],
    ['audience', 7],
    ['audience', ''],
  ])('goes with no %s that is %p', (name, value) => {
    expect(misuse(() => privateKeyJwt({ key: ec.privateKey, [name]: value }))).toContain(name);
    expect(misuse(() => privateKeyJwt(undefined as never))).toContain('options: key,');
  });

  test('that turns out to be broken fails the request, and not for the server', async () => {
    const jwk = { ...(await exportJWK(ec.privateKey)), x: 'AAAA' } as JsonWebKey;
    const error = await failureOf(source({ ...without, clientAuthentication: privateKeyJwt({ key: jwk }) }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: false });
    expect(error.message).toContain('privateKeyJwt');
    expect(shownOf(error)).not.toContain(jwk.d);
  });

  test('is shown nowhere, nor is what it signed', async () => {
    const jwk = (await exportJWK(ec.privateKey)) as JsonWebKey;
    let sent = '';
    const clientAuthentication = privateKeyJwt({ key: jwk });
    const running = source({
      ...without,
      clientAuthentication,
      fetch: async (_url, init) => {
        const form = init?.body as URLSearchParams;
        sent = form.get('client_assertion') ?? '';
        throw new Error(`cannot send ${form.toString()}`, { cause: new Error(sent) });
      },
    });
    const shown = [
      shownOf(await failureOf(running.getToken())),
      shownOf(running),
      shownOf(clientAuthentication),
    ].join();
    expect(sent).toMatch(/^\S+\.\S+\.\S+$/);
    expect(shown).toContain('cannot send');
    expect(shown).not.toContain(sent);
    expect(shown).not.toContain(jwk.d);
  });
});
