import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, generateKeyPair } from 'jose';
import { proofKey, type TokenSourceOptions } from '../src/index.ts';
import { type AuthorizedRequest, Authorizer, type IncomingResponse } from '../src/adapter.ts';
import {
  type Answer,
  answer,
  answerTokenRequests,
  expectNoSecretIn,
  failureOf,
  misuse,
  type Received,
  source,
  token,
  tokenEndpoint,
  tokenValue,
} from './support.ts';
import { untimedClock } from './test-clock.ts';

const api = 'https://api.example.com';
const boundToken = (): Answer => token({ token_type: 'DPoP' });
const demand = (nonce: string): Answer => ({
  status: 400,
  headers: { 'dpop-nonce': nonce },
  body: { error: 'use_dpop_nonce' },
});
const proofOf = (request: Received | undefined): string => request?.headers.get('dpop') ?? '';
const nonceOf = (request: Received | undefined): unknown => decodeJwt(proofOf(request))['nonce'];

const claimsOf = (attempt: AuthorizedRequest | undefined): Record<string, unknown> =>
  decodeJwt(attempt?.headers['dpop'] ?? '');
const refusal = (challenge: string, nonce?: string, more: object = {}): IncomingResponse => ({
  status: 401,
  headers: { 'www-authenticate': challenge, 'dpop-nonce': nonce },
  ...more,
});

/** Refuses a proof, and repeats it. */
const repeatProof: TokenSourceOptions['fetch'] = async (_url, { headers }) =>
  Response.json({ error: 'invalid_dpop_proof', error_description: `bad: ${headers['dpop']}` }, { status: 400 });

describe('the option dpop', () => {
  test.each<[string, unknown]>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['text', 'ES256'],
    ['the options of a key', { algorithm: 'ES256' }],
    ['what makes a key', proofKey],
  ])('%s is refused where it is written, with what to pass', (_, dpop) => {
    expect(misuse(() => source({ dpop: dpop as never }))).toBe('dpop must be what proofKey() returns');
  });

  test('keeps its proofs out of errors that repeat them', async () => {
    const { message } = await failureOf(source({ dpop: proofKey(), fetch: repeatProof }).getToken());
    expect(message).toContain('invalid_dpop_proof (bad: [redacted])');
  });
});

describe('a proof key', () => {
  test.each<[string, unknown, string]>([
    ['text', 'ES256', 'proofKey takes an object'],
    ['null', null, 'proofKey takes an object'],
    ['an option that there is not', { alg: 'ES256' }, 'proofKey has no option "alg"'],
    ['an algorithm that is symmetric', { algorithm: 'HS256' }, 'the algorithm of proofKey must be one of ES256'],
    ['a key pair without keys', { keyPair: {} }, 'keyPair must be a CryptoKeyPair'],
    ['a key pair that is null', { keyPair: null }, 'keyPair must be a CryptoKeyPair'],
  ])('of %s is refused where it is written', (_, options, message) => {
    expect(misuse(() => proofKey(options as never))).toContain(message);
  });

  test('refuses a key pair beside an algorithm, and two keys that cannot sign', async () => {
    const keyPair = await generateKeyPair('ES256');
    const { publicKey } = keyPair;
    expect(misuse(() => proofKey({ keyPair, algorithm: 'ES256' }))).toContain('keyPair or algorithm');
    expect(misuse(() => proofKey({ keyPair: { privateKey: publicKey, publicKey } }))).toContain('that signs');
  });

  test('serves two sources, each by its own clock and with nonces of its own', async () => {
    const dpop = proofKey();
    const [clock, later] = [untimedClock(), untimedClock()];
    later.advance(90_000);
    const [one, other] = [source({ dpop, clock }), source({ dpop, clock: later })];
    const received = answerTokenRequests(demand('n1'), boundToken(), boundToken());
    await one.getToken();
    await other.getToken();
    expect(received.map((request) => decodeJwt(proofOf(request)).iat)).toEqual(
      [clock, clock, later].map((time) => time.now() / 1_000),
    );
    expect(received.map(nonceOf)).toEqual([undefined, 'n1', undefined]);
    const keys = received.map((request) => JSON.stringify(decodeProtectedHeader(proofOf(request)).jwk));
    expect(new Set(keys).size).toBe(1);
  });

  test.each(['ES256', 'PS256', 'RS256', 'Ed25519'] as const)('makes a key pair for %s', async (algorithm) => {
    const [request] = await requestsOf({ dpop: proofKey({ algorithm }) }, boundToken());
    expect(decodeProtectedHeader(proofOf(request))).toMatchObject({ typ: 'dpop+jwt', alg: algorithm });
  });
});

async function requestsOf(options: Partial<TokenSourceOptions>, ...answers: Answer[]): Promise<Received[]> {
  const received = answerTokenRequests(...answers);
  await source({ dpop: proofKey(), ...options }).getToken();
  return received;
}

describe('the key', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('is made when it is needed, once, and its private half cannot be taken out', async () => {
    const made: Promise<CryptoKeyPair>[] = [];
    const generateKey = crypto.subtle.generateKey.bind(crypto.subtle) as (...parameters: unknown[]) => unknown;
    jest.spyOn(crypto.subtle, 'generateKey').mockImplementation(((...parameters: unknown[]) => {
      made.push(generateKey(...parameters) as Promise<CryptoKeyPair>);
      return made.at(-1);
    }) as never);
    const bound = source({ dpop: proofKey() });
    expect(made).toHaveLength(0);
    answerTokenRequests(boundToken(), token({ token_type: 'DPoP', access_token: 'another' }));
    await bound.getToken();
    await bound.getToken({ rejected: tokenValue });
    expect(made).toHaveLength(1);
    await expect(made[0]).resolves.toMatchObject({ privateKey: { extractable: false } });
  });

  test('that cannot be made fails as a token request does, and is tried anew by the next', async () => {
    jest.spyOn(crypto.subtle, 'generateKey').mockRejectedValueOnce(new Error('no entropy'));
    const clock = untimedClock();
    const bound = source({ dpop: proofKey(), clock });
    const received = answerTokenRequests(boundToken());
    expect(await failureOf(bound.getToken())).toMatchObject({ code: 'ERR_TOKEN_REQUEST' });
    clock.advance(60_000);
    await expect(bound.getToken()).resolves.toMatchObject({ type: 'DPoP' });
    expect(received).toHaveLength(1);
  });
});

describe('the proof of a token request', () => {
  test('is for its method and URL, without a token, at the time of the clock', async () => {
    const clock = untimedClock();
    const [request] = await requestsOf({ clock }, boundToken());
    expect(decodeJwt(proofOf(request))).toEqual({
      htm: 'POST',
      htu: tokenEndpoint,
      iat: clock.now() / 1_000,
      jti: expect.any(String),
    });
  });

  test('holds the nonce that is demanded, in one more request with a jti of its own', async () => {
    const [first, second] = await requestsOf({}, demand('n1'), boundToken());
    expect([nonceOf(first), nonceOf(second)]).toEqual([undefined, 'n1']);
    expect(decodeJwt(proofOf(second)).jti).not.toBe(decodeJwt(proofOf(first)).jti);
    expect(second?.body).toBe(first?.body);
  });

  test('is not made a third time when the nonce is demanded again', async () => {
    answerTokenRequests(demand('n1'), demand('n2'));
    const error = await failureOf(source({ dpop: proofKey() }).getToken());
    expect(error).toMatchObject({ code: 'ERR_OAUTH_RESPONSE', error: 'use_dpop_nonce' });
    expectNoSecretIn(error);
  });

  test('is not made again for a demand that gives no nonce', async () => {
    answerTokenRequests({ status: 400, body: { error: 'use_dpop_nonce' } });
    expect(await failureOf(source({ dpop: proofKey() }).getToken())).toMatchObject({ error: 'use_dpop_nonce' });
  });
});

describe('the nonces of an API and of a token endpoint at one origin', () => {
  test('are kept apart', async () => {
    const { origin } = new URL(tokenEndpoint);
    const received = answerTokenRequests(demand('token-1'), boundToken(), demand('token-2'), token());
    const bound = source({ dpop: proofKey() });
    const request = { url: `${origin}/orders`, method: 'GET' };
    const attempt = await new Authorizer(bound, origin).authorize(request);
    expect(decodeJwt(attempt?.headers['dpop'] ?? '')).not.toHaveProperty('nonce');
    const second = await attempt?.retry(refusal('DPoP error="use_dpop_nonce"', 'api-1'), undefined);
    expect(decodeJwt(second?.headers['dpop'] ?? '')).toMatchObject({ nonce: 'api-1' });
    await bound.getToken({ rejected: tokenValue }).catch(() => {});
    expect(received.map(nonceOf)).toEqual([undefined, 'token-1', 'token-1', 'token-2']);
  });
});

describe('a token', () => {
  test('that is bound is refused where no proof was asked for', async () => {
    answerTokenRequests(boundToken());
    expect(await failureOf(source().getToken())).toMatchObject({ code: 'ERR_TOKEN_RESPONSE' });
  });

  test('that is not bound is a bearer token, although a proof was sent', async () => {
    answerTokenRequests(token());
    const attempt = await new Authorizer(source({ dpop: proofKey() }), api).authorize({ url: `${api}/orders` });
    expect(attempt?.headers).toEqual({ authorization: `Bearer ${tokenValue}` });
  });

  test.each(['dpop', 'DPOP', 'DPoP'])('of type %s is presented as DPoP, with its hash in the proof', async (type) => {
    answerTokenRequests(token({ token_type: type }));
    const attempt = await new Authorizer(source({ dpop: proofKey() }), api).authorize({ url: `${api}/orders?q=1#x` });
    expect(attempt?.headers['authorization']).toBe(`DPoP ${tokenValue}`);
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(tokenValue));
    const ath = Buffer.from(hash).toString('base64url');
    expect(decodeJwt(attempt?.headers['dpop'] ?? '')).toMatchObject({ htm: 'GET', htu: `${api}/orders`, ath });
  });

  test('and its proof show in nothing that holds them', async () => {
    answerTokenRequests(boundToken());
    const bound = source({ dpop: proofKey() });
    const attempt = await new Authorizer(bound, api).authorize({ url: `${api}/orders` });
    expectNoSecretIn([bound, attempt, await bound.getToken()]);
    expect(JSON.stringify(attempt)).not.toContain(attempt?.headers['dpop']);
  });
});

describe('the answer to a bound token', () => {
  const url = `${api}/orders`;
  const nonceWanted = 'DPoP error="use_dpop_nonce"';
  const attemptOf = async (): Promise<{ attempt: AuthorizedRequest; authorizer: Authorizer; received: Received[] }> => {
    const received = answerTokenRequests(boundToken(), token({ token_type: 'DPoP', access_token: 'another' }));
    const authorizer = new Authorizer(source({ dpop: proofKey() }), api);
    const attempt = await authorizer.authorize({ url, method: 'POST' });
    if (attempt === undefined) throw new Error('there was no attempt');
    return { attempt, authorizer, received };
  };

  const forNonce = refusal(nonceWanted, 'n1');
  const forToken = refusal('DPoP error="invalid_token"');

  test.each<[string, IncomingResponse, IncomingResponse]>([
    ['first for a nonce', forNonce, forToken],
    ['first for a token', forToken, forNonce],
  ])('is answered once for each reason, %s, and no more', async (_, one, other) => {
    const { attempt } = await attemptOf();
    const second = await attempt.retry(one, undefined);
    const third = await second?.retry(other, undefined);
    expect(third?.headers['authorization']).toBe('DPoP another');
    expect(claimsOf(third)).toMatchObject({ nonce: 'n1', htm: 'POST', htu: url });
    expect(await third?.retry(one, undefined)).toBeUndefined();
    expect(await third?.retry(other, undefined)).toBeUndefined();
    expect(await second?.retry(one, undefined)).toBeUndefined();
  });

  test('from behind a redirect is final: the proof was not for that URL', async () => {
    const { attempt, received } = await attemptOf();
    expect(attempt.hasProof).toBe(true);
    expect(attempt.headersAt(`${api}/landing`)).toEqual({});
    const landed = { url: `${api}/landing`, redirected: true };
    expect(await attempt.retry({ ...forToken, ...landed }, undefined)).toBeUndefined();
    expect(await attempt.retry({ ...forNonce, ...landed }, undefined)).toBeUndefined();
    expect(received).toHaveLength(1);
  });

  test('from another origin is final', async () => {
    const { attempt, received } = await attemptOf();
    const elsewhere = { url: 'https://evil.example.com/' };
    expect(await attempt.retry({ ...forNonce, ...elsewhere }, undefined)).toBeUndefined();
    expect(await attempt.retry({ ...forToken, ...elsewhere }, undefined)).toBeUndefined();
    expect(received).toHaveLength(1);
  });

  test('to a body that is gone is final, and its nonce is in the next proof', async () => {
    const { attempt, authorizer, received } = await attemptOf();
    expect(await attempt.retry(forNonce, new ReadableStream())).toBeUndefined();
    expect(claimsOf(await authorizer.authorize({ url }))).toMatchObject({ nonce: 'n1' });
    expect(received).toHaveLength(1);
  });

  test('that demands a nonce and gives none is final', async () => {
    const { attempt } = await attemptOf();
    expect(await attempt.retry(refusal(nonceWanted), undefined)).toBeUndefined();
  });
});

test('discovery is asked without a proof', async () => {
  const issuer = 'https://login.example.com';
  const metadata = answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint },
  });
  await requestsOf({ issuer }, boundToken());
  expect(metadata[0]?.headers.has('dpop')).toBe(false);
});
