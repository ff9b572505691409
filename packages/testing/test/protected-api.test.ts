import { beforeEach, describe, expect, test } from '@jest/globals';
import { createTokenSource, proofKey, type Refused, type TokenSourceOptions } from '@tokenline/core';
import { bearerAuth } from '@tokenline/fetch';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type FakeIdentityServer, fakeIdentityServer, protectedApi, testClock } from '../src/index.ts';

const resource = 'https://api.example.com';
const url = `${resource}/orders`;
const clock = testClock();
let server: FakeIdentityServer;

beforeEach(() => {
  server = fakeIdentityServer({ clock, resources: [resource, 'https://b.example.com'] });
});

const sourceOf = (options: Partial<TokenSourceOptions> = {}) =>
  createTokenSource({ ...server.client, fetch: server.fetch, clock, patience: 0, ...options });
const tokenOf = async (options?: Partial<TokenSourceOptions>): Promise<string> =>
  (await sourceOf(options).getToken()).value;

/** The status of an answer, and its challenge. */
async function verdict(answer: Promise<Response>): Promise<string> {
  const { status, headers } = await answer;
  return `${status} ${headers.get('www-authenticate') ?? ''}`.trim();
}

const verdictOn = (authorization: string, options = {}): Promise<string> =>
  verdict(protectedApi(server, options).fetch(url, { headers: { authorization } }));

describe('a token is refused', () => {
  const invalid = '401 Bearer realm="api", error="invalid_token"';

  test('that nobody issued, or that expired', async () => {
    expect(await verdictOn('Bearer token-1')).toBe(invalid);
    const token = await tokenOf();
    expect(await verdictOn(`Bearer ${token}`)).toBe('200');
    expect(await verdictOn(`bearer ${token}`)).toBe('200');
    clock.advance(server.lifetime);
    expect(await verdictOn(`Bearer ${token}`)).toBe(invalid);
  });

  test('that is for another resource, or for none', async () => {
    const rules = { resource };
    expect(await verdictOn(`Bearer ${await tokenOf({ resource })}`, rules)).toBe('200');
    expect(await verdictOn(`Bearer ${await tokenOf({ resource: 'https://b.example.com' })}`, rules)).toBe(invalid);
    expect(await verdictOn(`Bearer ${await tokenOf()}`, rules)).toBe(invalid);
  });

  test('that lacks a scope', async () => {
    const rules = { scope: 'orders.read orders.write' };
    expect(await verdictOn(`Bearer ${await tokenOf()}`, rules)).toBe('200');
    expect(await verdictOn(`Bearer ${await tokenOf({ scope: 'orders.read' })}`, rules)).toBe(
      '403 Bearer realm="api", error="insufficient_scope", scope="orders.read orders.write"',
    );
  });

  test.each(['Basic eDp5', 'Bearer', 'Bearer a b', 'token-1'])('by the header %s, which has none', async (header) => {
    expect(await verdictOn(header)).toBe('401 Bearer realm="api"');
  });

  test('that is bound to a key, without a proof; and one that is not, with one', async () => {
    expect(await verdictOn(`Bearer ${await tokenOf({ dpop: proofKey() })}`)).toBe(invalid);
    expect(await verdictOn(`DPoP ${await tokenOf()}`)).toMatch(
      /^401 DPoP realm="api", error="invalid_token", algs="ES256/,
    );
  });
});

const seconds = (): number => Math.floor(clock.now() / 1_000);

/** A client that holds a token bound to a key. */
interface Prover {
  /** Makes a proof of its token for a request, unless the claims say otherwise. */
  readonly sign: (claims?: JWTPayload, signer?: CryptoKeyPair) => Promise<string>;
  /** What the API says to a request with this proof. */
  readonly present: (dpop: string) => Promise<string>;
}

async function prover(): Promise<Prover> {
  const keyPair = await generateKeyPair('ES256', { extractable: true });
  const token = await tokenOf({ dpop: proofKey({ keyPair }) });
  const api = protectedApi(server);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  const ath = Buffer.from(digest).toString('base64url');
  const sign = async (claims: JWTPayload = {}, signer = keyPair): Promise<string> => {
    const usual = { htm: 'GET', htu: url, ath, jti: crypto.randomUUID(), iat: seconds() };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(signer.publicKey) };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader(header).sign(signer.privateKey);
  };
  const present = (dpop: string): Promise<string> =>
    verdict(api.fetch(`${url}?page=2`, { headers: { authorization: `DPoP ${token}`, dpop } }));
  return { sign, present };
}

describe('a proof', () => {
  test('is taken once', async () => {
    const { sign, present } = await prover();
    const proof = await sign();
    expect(await present(proof)).toBe('200');
    expect(await present(proof)).toContain('error="invalid_dpop_proof"');
  });

  test.each<[string, () => JWTPayload]>([
    ['for another method', () => ({ htm: 'POST' })],
    ['for another URL', () => ({ htu: 'https://b.example.com/orders' })],
    ['for another token', () => ({ ath: 'x' })],
    ['for no token', () => ({ ath: undefined })],
    ['that is old', () => ({ iat: seconds() - 61 })],
    ['of the future', () => ({ iat: seconds() + 61 })],
  ])('%s is refused', async (_, claims) => {
    const { sign, present } = await prover();
    expect(await present(await sign(claims()))).toContain('error="invalid_dpop_proof"');
  });

  test('of another key is refused, and so is none', async () => {
    const { sign, present } = await prover();
    expect(await present(await sign({}, await generateKeyPair('ES256', { extractable: true })))).toContain(
      'error="invalid_token"',
    );
    expect(await present('')).toContain('error="invalid_dpop_proof"');
  });

  test('gets the nonce that the API wants', async () => {
    const api = protectedApi(server);
    const send = bearerAuth(api.fetch, sourceOf({ dpop: proofKey() }), { origins: [resource] });
    api.nonce = 'first';
    expect((await send(url)).status).toBe(200);
    api.nonce = 'second';
    expect((await send(url)).status).toBe(200);
    expect(api.requests.map(({ status }) => status)).toEqual([401, 200, 401, 200]);
    expect(server.tokenRequests).toHaveLength(1);
  });
});

const isExpired: Refused = ({ status }) => status === 440;

describe('the script', () => {
  test('refuses in the words of any API', async () => {
    const api = protectedApi(server);
    const send = bearerAuth(api.fetch, sourceOf(), { origins: [resource], refused: isExpired });
    api.refuseNext();
    api.refuseNext({ status: 440, challenge: 'Token' });
    expect((await send(url)).status).toBe(401);
    expect((await send(url)).status).toBe(200);
    expect(api.requests.map(({ status }) => status)).toEqual([401, 440, 200]);
  });

  test('fails, hangs and answers as that of the server', async () => {
    const api = protectedApi(server, { respond: () => new Response('mine') });
    const send = bearerAuth(api.fetch, sourceOf(), { origins: [resource] });
    api.failNext({ status: 502 });
    api.hangNext();
    expect((await send(url)).status).toBe(502);
    const hanging = send(url);
    // The API has seen it by then.
    while (api.requests.length < 2) await new Promise(setImmediate);
    api.recover();
    expect(await (await hanging).text()).toBe('mine');
  });

  test('has a revoked token refused until there is another one', async () => {
    const api = protectedApi(server);
    const send = bearerAuth(api.fetch, sourceOf(), { origins: [resource] });
    api.revokeNext({ times: 2 });
    expect((await send(url)).status).toBe(401);
    expect((await send(url)).status).toBe(200);
    expect(server.tokenRequests.length).toBeGreaterThan(1);
  });
});

test('a request is kept without the token that it carries, in the header or in the query', async () => {
  const [api, token] = [protectedApi(server), await tokenOf()];
  await api.fetch(`${url}?page=1&access_token=${token}&key=2`, { headers: { authorization: `Bearer ${token}` } });
  expect(api.requests).toMatchObject([
    { path: '/orders?page=1&access_token=[redacted]&key=2', headers: { authorization: 'Bearer [redacted]' } },
  ]);
});
