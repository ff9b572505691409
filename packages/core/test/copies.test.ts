import { describe, expect, jest, test } from '@jest/globals';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import { decodeJwt } from 'jose';
import { Authorizer } from '../src/adapter.ts';
import * as here from '../src/index.ts';
import { answerTokenRequests, failureOf, formOf, source, token, tokenEndpoint, tokenValue } from './support.ts';

// A package that is required beside one that is imported, or two versions: nothing is shared, not even the dependencies.
jest.resetModules();
const there = await import('../src/index.ts');
const copies = [
  ['another copy', there, here],
  ['this copy', here, there],
] as const;

const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
  'sign',
  'verify',
]);
const url = 'https://api.example.com/orders';
const sourceOf = (copy: typeof here, options: Partial<here.TokenSourceOptions> = {}): here.ClientTokenSource =>
  copy.createTokenSource({ tokenEndpoint, clientId: 'orders', clientSecret: 'sesame', ...options });

test('the copies share nothing', () => {
  expect(there.createTokenSource).not.toBe(here.createTokenSource);
  expect(there.TokenError).not.toBe(here.TokenError);
});

describe.each(copies)('an error of %s', (_, made, asked) => {
  const plain = new made.TokenError('ERR_TOKEN_REQUEST', 'down');
  const refusal = new made.OAuthError('refused', { error: 'invalid_scope' });

  test('is an instance of the classes of the other', () => {
    expect([plain, refusal].map((error) => error instanceof asked.TokenError)).toEqual([true, true]);
    expect([plain, refusal].map((error) => error instanceof asked.OAuthError)).toEqual([false, true]);
  });

  test('is none of a class that a user derives', () => {
    class Derived extends asked.OAuthError {}
    expect(refusal).not.toBeInstanceOf(Derived);
    expect(new Derived('refused', { error: 'invalid_scope' })).toBeInstanceOf(Derived);
  });

  test('is found, and kept as a cause', () => {
    expect(asked.tokenErrorOf(new Error('wrapped', { cause: refusal }))).toBe(refusal);
    expect(new asked.TokenError('ERR_TOKEN_REQUEST', 'down', { cause: refusal }).cause).toBe(refusal);
  });
});

test.each([null, undefined, 'ERR_TOKEN_REQUEST', {}, new Error('down'), here.TokenError])(
  '%p is no TokenError',
  (value) => {
    expect(value instanceof here.TokenError).toBe(false);
  },
);

describe.each(copies)('what %s makes serves a source of the other:', (_, made, asked) => {
  test.each<[string, Partial<here.TokenSourceOptions>, string]>([
    [
      'privateKeyJwt',
      { clientSecret: undefined, clientAuthentication: made.privateKeyJwt({ key: privateKey }) },
      'client_assertion',
    ],
    ['clientSecretJwt', { clientAuthentication: made.clientSecretJwt({ audience: 'issuer' }) }, 'client_assertion'],
    [
      'clientAssertion',
      { clientSecret: undefined, clientAuthentication: made.clientAssertion(() => 'signed') },
      'client_assertion',
    ],
    ['jwtBearer', { grant: made.jwtBearer({ assertion: 'signed' }) }, 'assertion'],
    ['refreshToken', { grant: made.refreshToken({ load: () => 'fresh', save: () => {} }) }, 'refresh_token'],
    ['extensionGrant', { grant: made.extensionGrant('urn:example:own', { subject: 'me' }) }, 'subject'],
  ])('%s', async (_name, options, field) => {
    const received = answerTokenRequests();
    await sourceOf(asked, options).getToken();
    expect(formOf(received[0]).map(([name]) => name)).toContain(field);
  });

  test('clientSecretBasic', async () => {
    const received = answerTokenRequests();
    await sourceOf(asked, { clientAuthentication: made.clientSecretBasic({ encoding: 'raw' }) }).getToken();
    expect(received[0]?.headers.get('authorization')).toBe(`Basic ${btoa('orders:sesame')}`);
  });

  test('proofKey', async () => {
    const bound = token({ token_type: 'DPoP' });
    const demand = { status: 400, headers: { 'dpop-nonce': 'n1' }, body: { error: 'use_dpop_nonce' } };
    const received = answerTokenRequests(demand, bound);
    const { type } = await sourceOf(asked, { dpop: made.proofKey() }).getToken();
    expect(type).toBe('DPoP');
    expect(received.map(({ headers }) => decodeJwt(headers.get('dpop') ?? '')['nonce'])).toEqual([undefined, 'n1']);
  });

  test('sharedStore', async () => {
    answerTokenRequests();
    const store = made.sharedStore(new MemoryStore());
    await sourceOf(made, { store }).getToken();
    await expect(sourceOf(asked, { store }).getToken()).resolves.toMatchObject({ value: tokenValue });
  });
});

describe('an adapter with the source of another copy', () => {
  test('sends a token and its proof, replays a refused request, and says what went wrong', async () => {
    const events: string[] = [];
    const onEvent: here.TokenEventListener = ({ type }) => events.push(type);
    const dpop = there.proofKey();
    const bound = new Authorizer(sourceOf(there, { dpop, onEvent }), url);
    answerTokenRequests(token({ token_type: 'DPoP' }), { status: 400, body: { error: 'invalid_client' } });
    const first = await bound.authorize({ url, method: 'GET' });
    expect(first?.headers).toMatchObject({ authorization: `DPoP ${tokenValue}` });
    expect(decodeJwt(first?.headers['dpop'] ?? '')).toMatchObject({ htu: url, htm: 'GET' });
    const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n2' };
    const second = await first?.retry({ status: 401, headers: challenge }, undefined);
    expect(decodeJwt(second?.headers['dpop'] ?? '')).toMatchObject({ nonce: 'n2' });
    expect(await second?.retry({ status: 401, headers: {} }, undefined)).toBeUndefined();
    expect(second?.failure).toBeInstanceOf(here.OAuthError);
    expect(events).toContain('replayed');
  });

  test('keeps the token from the endpoints of that source', async () => {
    const foreign = sourceOf(there);
    const authorizer = new Authorizer(foreign, new URL(tokenEndpoint).origin);
    answerTokenRequests();
    await foreign.getToken();
    expect(authorizer.allows(tokenEndpoint)).toBe(false);
  });
});

const refusing = async (): Promise<never> => {
  throw new there.OAuthError('refused', { error: 'invalid_scope' });
};

test('a failure of one copy behind the fetch of another is named as what it is', async () => {
  await expect(failureOf(source({ fetch: refusing }).getToken())).resolves.toBeInstanceOf(here.OAuthError);
});
