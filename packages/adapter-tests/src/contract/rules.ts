import { describe, expect, test } from '@jest/globals';
import type { Refused } from '@tokenline/core';
import { unauthorized } from '../answer.ts';
import type { World } from '../world.ts';

const refused: Refused = ({ status, headers }) => status === 403 && headers.get('x-error') === 'revoked';

/** What the options of `bearerAuth` change, and what is said of requests without a token. */
export function rules(world: World): void {
  describe('the rules of the user, and of the API', () => {
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

    test('a source that is attached twice is attached once', async () => {
      const { api, identity } = world;
      const passed: string[] = [];
      const source = world.source({ onEvent: (event) => event.type === 'passed' && passed.push(event.reason) });
      const client = world.client({ source, attached: 2 });
      await client.request({ url: '/orders' });
      identity.revokeAll();
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(3);
      expect(identity.tokenRequests).toBe(2);
      expect(passed).toEqual([]);
    });

    test('a 401 that wants claims is answered with a token that has them', async () => {
      const { api, identity } = world;
      const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
      api.next(unauthorized(`Bearer error="insufficient_claims", claims="${btoa(claims)}"`));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(identity.tokenRequests).toBe(2);
    });
  });
}
