import { describe, expect, test } from '@jest/globals';
import { tokenErrorOf } from '@tokenline/core';
import { unauthorized } from '../answer.ts';
import type { Outage } from '../identity-server.ts';
import { sourceOf, type World } from '../world.ts';
import { testUnless } from './gap.ts';

const renewable = [
  undefined,
  'Bearer',
  'Bearer realm="orders"',
  'Bearer error="invalid_token"',
  'bearer realm="a, b \\"c\\"", error=invalid_token, error_description="expired"',
  'Basic realm="orders", Bearer error="invalid_token"',
  'Negotiate YWJj=, Bearer realm="orders"',
  'Bearer error="invalid_token',
];

const renewableToo = [
  'OAuth2 realm="orders", error="invalid_token"',
  "OAuth realm='orders', error='invalid_token'",
  'Token',
  'Bearer error="expired_token"',
  'Bearer error="invalid_client"',
];

const final = [
  'Bearer error="insufficient_user_authentication"',
  'Negotiate, NTLM',
  'Bearer error="insufficient_scope", scope="admin"',
  'Bearer error="invalid_request"',
  'Basic realm="orders"',
  'Negotiate',
  'Digest realm="Bearer", nonce="error=invalid_token"',
];

/** What each answer of an API leads to. */
export function answers(world: World): void {
  describe('the answer of the API', () => {
    test.each([...renewable, ...renewableToo])('a 401 with %j is answered with a new token', async (challenge) => {
      const { api, identity } = world;
      api.next(unauthorized(challenge));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(2);
      expect(api.requests[1]?.authorization).not.toBe(api.requests[0]?.authorization);
    });

    test.each(final)('a 401 with %j is handed over untouched', async (challenge) => {
      const { api, identity } = world;
      const client = world.client();
      api.next(unauthorized(challenge));
      const outcome = await client.request({ url: '/orders' });
      expect(outcome).toMatchObject({
        status: 401,
        text: '{"message":"no"}',
        headers: { 'www-authenticate': challenge },
      });
      await client.request({ url: '/orders' });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(1);
    });

    test('a challenge in several header lines is read as one', async () => {
      world.api.next(unauthorized(['Basic realm="orders"', 'Bearer error="invalid_token"']));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
    });

    test.each([204, 400, 403, 404, 409, 500, 503])('a %d is handed over, and the token is kept', async (status) => {
      const { api, identity } = world;
      const client = world.client();
      expect(await client.request({ url: `/status/${status}` })).toMatchObject({ status });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(1);
    });

    test('a second 401 is handed over after exactly two calls', async () => {
      const { api, identity } = world;
      api.next(unauthorized(undefined, { body: '{"attempt":1}' }), unauthorized(undefined, { body: '{"attempt":2}' }));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 401, text: '{"attempt":2}' });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(2);
    });
  });

  describe('when there is no other token', () => {
    test.each<Outage>(['unavailable', 'invalid_client'])('renewal %s: the first 401 is handed over', async (outage) => {
      const { api, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      identity.fail(outage);
      api.next(unauthorized(undefined, { body: '{"attempt":1}' }));
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 401, text: '{"attempt":1}' });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(2);
    });

    testUnless(world, 'cause of a 401', 'the error of that 401 says why the renewal failed', async () => {
      const { api, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      identity.fail('unavailable');
      api.next(unauthorized());
      const { error } = await client.request({ url: '/orders' });
      expect(tokenErrorOf(error)).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status: 503 });
    });

    testUnless(world, 'cause of a 401', 'or that it brought the same token', async () => {
      world.api.next(unauthorized());
      const { error } = await world.client({ source: sourceOf('only') }).request({ url: '/orders' });
      expect(tokenErrorOf(error)).toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
    });

    test('a renewal that brings the same token hands the first 401 over', async () => {
      const { api } = world;
      const client = world.client({ source: sourceOf('only') });
      api.next(unauthorized(undefined, { body: '{"attempt":1}' }));
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 401, text: '{"attempt":1}' });
      expect(api.requests).toHaveLength(1);
    });

    test.each<Outage>(['unavailable', 'invalid_client'])('first token %s: the request fails unsent', async (outage) => {
      const { api, identity } = world;
      identity.fail(outage);
      const error: unknown = await world
        .client()
        .request({ url: '/orders' })
        .catch((reason: unknown) => reason);
      expect(tokenErrorOf(error)).toMatchObject({ name: outage === 'unavailable' ? 'TokenError' : 'OAuthError' });
      expect(api.requests).toEqual([]);
    });

    test('an API that goes on refusing is not answered with ever more token requests', async () => {
      const { api, identity } = world;
      const client = world.client();
      api.respond = () => unauthorized();
      for (let count = 0; count < 20; count++) await client.request({ url: '/orders' });
      expect(identity.tokenRequests).toBeLessThanOrEqual(6);
    });
  });
}
