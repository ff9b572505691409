import { describe, expect, test } from '@jest/globals';
import { type Refused, tokenErrorOf } from '@tokenline/core';
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

const refused: Refused = ({ status, headers }) => status === 403 && headers.get('x-error') === 'revoked';

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

    test('an answer that the user calls a refusal is answered with a new token, and a 401 that is none is handed over', async () => {
      const { api, identity } = world;
      const client = world.client({ rules: { refused } });
      api.next({ status: 403, headers: { 'x-error': 'revoked' } });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(2);
      expect(identity.tokenRequests).toBe(2);
      for (const answer of [{ status: 403 }, unauthorized()]) {
        api.next(answer);
        expect(await client.request({ url: '/orders' })).toMatchObject({ status: answer.status });
      }
      expect(api.requests).toHaveLength(4);
      expect(identity.tokenRequests).toBe(2);
    });

    test('a refusal that is a success is replaced, too', async () => {
      const { api } = world;
      const client = world.client({ rules: { refused: ({ headers }) => headers.has('x-refused') } });
      api.next({ headers: { 'x-refused': '1' } }, { headers: { 'x-accepted': '1' } });
      expect((await client.request({ url: '/orders' })).headers).toHaveProperty('x-accepted');
      expect(api.requests).toHaveLength(2);
    });

    test('a scheme of the API’s own stands before the token', async () => {
      const { api } = world;
      api.next(unauthorized('Token error="revoked"'));
      await world.client({ rules: { scheme: 'Token' } }).request({ url: '/orders' });
      expect(api.requests.map(({ authorization }) => authorization?.split(' ')[0])).toEqual(['Token', 'Token']);
    });

    test('an Authorization that the client sets gives way where it is told to, and is renewed like any', async () => {
      const { api, foreign } = world;
      const client = world.client({ rules: { replace: true } });
      const headers = { Authorization: 'Basic eDp5' };
      api.next(unauthorized());
      expect(await client.request({ url: '/orders', headers })).toMatchObject({ status: 200 });
      const sent = api.requests.map(({ authorization }) => authorization);
      expect(sent).toEqual([expect.stringMatching(/^Bearer \S+$/), expect.stringMatching(/^Bearer \S+$/)]);
      expect(sent[0]).not.toBe(sent[1]);
      foreign.next({});
      await client.request({ url: `${foreign.origin}/orders`, headers });
      expect(foreign.requests).toMatchObject([{ authorization: 'Basic eDp5' }]);
    });

    test('a request without a token is an event that says why', async () => {
      const { api, foreign } = world;
      const reasons: string[] = [];
      const source = world.source({ onEvent: (event) => event.type === 'passed' && reasons.push(event.reason) });
      const client = world.client({ source });
      api.next({});
      foreign.next({});
      await client.request({ url: '/orders', headers: { Authorization: 'Basic eDp5' } });
      await client.request({ url: `${foreign.origin}/orders` });
      expect(reasons).toEqual(['authorization', 'origin']);
    });

    test('a 401 that wants claims is answered with a token that has them', async () => {
      const { api, identity } = world;
      const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
      api.next(unauthorized(`Bearer error="insufficient_claims", claims="${btoa(claims)}"`));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(identity.tokenRequests).toBe(2);
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
