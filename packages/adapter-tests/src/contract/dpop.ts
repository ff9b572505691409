import { describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, proofKey, type TokenSourceOptions } from '@tokenline/core';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { redirect } from '../answer.ts';
import { makeBody } from '../body.ts';
import { demand } from '../dpop-guard.ts';
import type { World } from '../world.ts';
import { testUnless } from './gap.ts';

/** A fetch on whose way the proof is lost. */
const withoutProof: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.delete('dpop');
  return fetch(url, { ...init, headers });
};

const redirects = [301, 302, 303, 307, 308];

/** Tokens that are bound to a key, in front of an API that verifies all that there is to verify. */
export function dpop(world: World): void {
  const bound = (options: Partial<TokenSourceOptions> = {}): ClientTokenSource =>
    world.source({ dpop: proofKey(), ...options });
  const proofsSent = (): Record<string, unknown>[] =>
    world.api.requests.map(({ headers }) => decodeJwt(String(headers['dpop'])));
  const tokensSent = (): number => new Set(world.api.requests.map(({ authorization }) => authorization)).size;

  describe('a token that is bound to a key', () => {
    test('is accepted at once, with a proof for the URL without its query and fragment', async () => {
      const { api, identity } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      expect(await client.request({ url: '/orders/7?page=2#total' })).toMatchObject({ status: 200 });
      expect(guard.accepted).toMatchObject([{ htm: 'GET', htu: `${api.origin}/orders/7` }]);
      expect(api.requests).toHaveLength(1);
      expect(identity.tokenRequests).toBe(1);
    });

    test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('is proved for a %s', async (method) => {
      const guard = world.guard();
      const client = world.client({ source: bound() });
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: makeBody('string') } : {};
      expect(await client.request({ method, url: '/orders', ...body })).toMatchObject({ status: 200 });
      expect(guard.accepted).toMatchObject([{ htm: method }]);
    });

    test('has another proof in each request of a herd', async () => {
      const { identity } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      const herd = Array.from({ length: 20 }, () => client.request({ url: '/orders' }));
      for (const outcome of await Promise.all(herd)) expect(outcome).toMatchObject({ status: 200 });
      expect(new Set(guard.accepted.map(({ jti }) => jti)).size).toBe(20);
      expect(identity.tokenRequests).toBe(1);
    });

    test('is bound to the key pair that was given', async () => {
      const guard = world.guard();
      const keyPair = await generateKeyPair('ES256');
      const source = bound({ dpop: proofKey({ keyPair }) });
      await world.client({ source }).request({ url: '/orders' });
      const { value } = await source.getToken();
      const jkt = await calculateJwkThumbprint(await exportJWK(keyPair.publicKey));
      expect(guard.accepted).toHaveLength(1);
      expect(guard.thumbprint).toBe(jkt);
      expect(decodeJwt(value)).toMatchObject({ cnf: { jkt } });
    });

    test('is proved by the time of the source’s clock', async () => {
      const { identity } = world;
      const guard = world.guard();
      guard.now = () => Date.now() - 3_600_000;
      const clock = { now: guard.now, monotonic: () => performance.now() };
      // Who demands a nonce does not look at the time.
      identity.requireNonces = true;
      const client = world.client({ source: bound({ clock }) });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
    });

    test('is renewed once when it was revoked, and sent again with another proof', async () => {
      const { api, identity } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      await client.request({ url: '/orders' });
      identity.revokeAll();
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(3);
      expect(identity.tokenRequests).toBe(2);
      expect(guard.accepted).toHaveLength(2);
      expect(new Set(proofsSent().map(({ jti }) => jti)).size).toBe(3);
      expect(new Set(proofsSent().map(({ ath }) => ath)).size).toBe(2);
    });

    test('is not renewed for a proof that the API calls invalid', async () => {
      const { api, identity } = world;
      const guard = world.guard();
      guard.now = () => 0;
      expect(await world.client({ source: bound() }).request({ url: '/orders' })).toMatchObject({ status: 401 });
      expect(api.requests).toHaveLength(1);
      expect(identity.tokenRequests).toBe(1);
    });

    testUnless(world, 'own retries', 'has another proof in each of the client’s own retries', async () => {
      const { api } = world;
      const guard = world.guard();
      api.next({ status: 503 });
      const client = world.client({ source: bound(), retries: 1 });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(new Set(proofsSent().map(({ jti }) => jti)).size).toBe(2);
      expect(guard.accepted).toHaveLength(1);
    });

    test('is presented as the server issued it: a bearer token without a proof', async () => {
      const { api } = world;
      const client = world.client({ source: bound({ fetch: withoutProof }) });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toMatchObject([{ authorization: expect.stringMatching(/^Bearer /) }]);
      expect(api.requests[0]?.headers).not.toHaveProperty('dpop');
    });
  });

  describe('a nonce', () => {
    test('that the token endpoint demands costs one more token request, with another proof', async () => {
      const { api, identity } = world;
      world.guard();
      identity.requireNonces = true;
      const client = world.client({ source: bound() });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      const [first, second, ...others] = identity.proofs.map((proof) => decodeJwt(String(proof)));
      expect(first).not.toHaveProperty('nonce');
      expect(second).toMatchObject({ nonce: expect.any(String) });
      expect(second?.jti).not.toBe(first?.jti);
      expect(others).toEqual([]);
      identity.revokeAll();
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(identity.tokenRequests).toBe(3);
      expect(api.requests).toHaveLength(3);
    });

    test('that the API demands costs one replay with the same token, and is in the next proof at once', async () => {
      const { api, identity } = world;
      const guard = world.guard();
      guard.nonce = 'first';
      const client = world.client({ source: bound() });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(await client.request({ url: '/others' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(3);
      expect(guard.accepted).toMatchObject([{ nonce: 'first' }, { nonce: 'first' }]);
      expect(tokensSent()).toBe(1);
      expect(identity.tokenRequests).toBe(1);
    });

    test('that the API demands of a body is answered with the same body', async () => {
      const { api } = world;
      world.guard().nonce = 'first';
      const request = { method: 'POST', url: '/orders', body: makeBody('string') };
      expect(await world.client({ source: bound() }).request(request)).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(api.requests[1]?.body).toEqual(api.requests[0]?.body);
      expect(api.requests[1]?.body.length).toBeGreaterThan(0);
    });

    test.each([200, 404, 500])('in an answer of status %d is in the next proof', async (status) => {
      const { api } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      api.next({ status, headers: { 'dpop-nonce': 'second' } });
      await client.request({ url: '/orders' });
      guard.nonce = 'second';
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
    });

    test('in the answer to a replay is in the next proof', async () => {
      const { api } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      api.next(demand('first'), { headers: { 'dpop-nonce': 'second' } });
      await client.request({ url: '/orders' });
      guard.nonce = 'second';
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(proofsSent().map(({ nonce }) => nonce)).toEqual([undefined, 'first', 'second']);
    });

    test('that is demanded again and again is answered once', async () => {
      const { api, identity } = world;
      api.next(demand('first'), demand('second'), demand('third'));
      expect(await world.client({ source: bound() }).request({ url: '/orders' })).toMatchObject({ status: 401 });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(1);
    });

    test('that is demanded of a revoked token does not keep it from being renewed', async () => {
      const { api, identity } = world;
      const guard = world.guard();
      const client = world.client({ source: bound() });
      await client.request({ url: '/orders' });
      guard.nonce = 'first';
      identity.revokeAll();
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(4);
      expect(identity.tokenRequests).toBe(2);
    });
  });

  describe('the redirect of a bound token', () => {
    test.each(redirects)('by %d to another origin takes neither token nor proof along', async (status) => {
      const { api, foreign, identity } = world;
      world.guard();
      api.next(redirect(`${foreign.origin}/landing`, status));
      foreign.next({});
      await world.client({ source: bound() }).request({ url: '/orders' });
      expect(api.requests).toHaveLength(1);
      for (const { headers } of foreign.requests) {
        expect(headers).not.toHaveProperty('authorization');
        expect(headers).not.toHaveProperty('dpop');
      }
      expect(identity.tokenRequests).toBe(1);
    });

    testUnless(world, 'redirects with a proof', 'to the same origin gets a proof of its own', async () => {
      const { api } = world;
      const guard = world.guard();
      api.next(redirect('/landing'));
      expect(await world.client({ source: bound() }).request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(guard.accepted).toMatchObject([{ htu: `${api.origin}/landing` }]);
    });

    test('never takes a proof to where it is not for, and costs no renewal', async () => {
      const { api, identity } = world;
      world.guard();
      api.respond = ({ url }) => (url === '/orders' ? redirect('/landing') : undefined);
      await world.client({ source: bound() }).request({ url: '/orders' });
      const proved = api.requests.filter(({ headers }) => headers['dpop'] !== undefined);
      const targets = proved.map(({ headers }) => decodeJwt(String(headers['dpop']))['htu']);
      expect(targets).toEqual(proved.map(({ url }) => `${api.origin}${url}`));
      expect(identity.tokenRequests).toBe(1);
    });
  });
}
