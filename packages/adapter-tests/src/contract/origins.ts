import { describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '../answer.ts';
import type { ReceivedRequest } from '../api-server.ts';
import { makeBody } from '../body.ts';
import type { World } from '../world.ts';
import { testUnless } from './gap.ts';

const redirects = [301, 302, 303, 307, 308];
const authorizations = (requests: readonly ReceivedRequest[]): boolean[] =>
  requests.map(({ authorization }) => authorization !== undefined);

/** Where the token goes, and where it does not. */
export function origins(world: World): void {
  describe('another origin', () => {
    test('gets no token, and its 401 renews nothing', async () => {
      const { foreign, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      expect(await client.request({ url: `${foreign.origin}/orders` })).toMatchObject({ status: 401 });
      expect(authorizations(foreign.requests)).toEqual([false]);
      expect(identity.tokenRequests).toBe(1);
    });

    test('of the same address by another name gets no token', async () => {
      const { api } = world;
      const url = api.origin.replace('127.0.0.1', 'localhost');
      expect(await world.client().request({ url: `${url}/orders` })).toMatchObject({ status: 401 });
      expect(authorizations(api.requests)).toEqual([false]);
    });

    test('that is named in origins gets the token, beside that of the base URL', async () => {
      const { api, foreign, identity } = world;
      const client = world.client({ origins: [api.origin, foreign.origin] });
      foreign.next(unauthorized());
      expect(await client.request({ url: `${foreign.origin}/orders` })).toMatchObject({ status: 200 });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(authorizations([...api.requests, ...foreign.requests])).toEqual([true, true, true]);
      expect(identity.tokenRequests).toBe(2);
    });
  });

  describe('a redirect', () => {
    test.each(redirects)('by %d to the same origin keeps the token', async (status) => {
      const { api, identity } = world;
      api.next(redirect('/landing', status));
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/landing' }]);
      expect(authorizations(api.requests)).toEqual([true, true]);
      expect(identity.tokenRequests).toBe(1);
    });

    test.each(redirects)('by %d to another port loses the token', async (status) => {
      const { api, foreign } = world;
      api.next(redirect(`${foreign.origin}/landing`, status));
      foreign.next({});
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(foreign.requests).toMatchObject([{ url: '/landing' }]);
      expect(authorizations([...api.requests, ...foreign.requests])).toEqual([true, false]);
    });

    test.each(redirects)('by %d to another host loses the token', async (status) => {
      const { api } = world;
      api.next(redirect(`${api.origin.replace('127.0.0.1', 'localhost')}/landing`, status), {});
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/landing' }]);
      expect(authorizations(api.requests)).toEqual([true, false]);
    });

    testUnless(world, 'redirects', 'to another origin that answers 401 renews nothing, and is an event', async () => {
      const { api, foreign, identity } = world;
      api.next(redirect(`${foreign.origin}/landing`));
      const passed: string[] = [];
      const source = world.source({ onEvent: (event) => event.type === 'passed' && passed.push(event.reason) });
      expect(await world.client({ source }).request({ url: '/orders' })).toMatchObject({ status: 401 });
      expect(passed).toEqual(['origin']);
      expect([api.requests.length, foreign.requests.length]).toEqual([1, 1]);
      expect(identity.tokenRequests).toBe(1);
    });

    const kept = redirects.flatMap((status) => (status < 304 ? [] : [`POST ${status}`]).concat(`GET ${status}`));
    for (const [method = '', status] of kept.map((one) => one.split(' ')))
      testUnless(
        world,
        'redirects between origins',
        `of a ${method} by ${status} to an allowed origin keeps the token`,
        async () => {
          const { api, foreign, identity } = world;
          const client = world.client({ origins: [api.origin, foreign.origin] });
          api.next(redirect(`${foreign.origin}/landing`, Number(status)));
          const body = method === 'POST' ? { body: makeBody('string') } : {};
          expect(await client.request({ method, url: '/orders', ...body })).toMatchObject({ status: 200 });
          expect(foreign.requests).toMatchObject([{ method, url: '/landing' }]);
          expect(authorizations([...api.requests, ...foreign.requests])).toEqual([true, true]);
          expect(identity.tokenRequests).toBe(1);
        },
      );

    testUnless(world, 'redirects back', 'by way of another origin has lost the token when it is back', async () => {
      const { api, foreign } = world;
      api.respond = ({ url }) => (url === '/orders' ? redirect(`${foreign.origin}/away`) : undefined);
      foreign.respond = () => redirect(`${api.origin}/back`);
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 401 });
      const back = api.requests.filter(({ url }) => url === '/back');
      expect(new Set(authorizations([...back, ...foreign.requests]))).toEqual(new Set([false]));
      expect(back.length).toBeGreaterThan(0);
    });

    test('of the replay to another origin loses the token', async () => {
      const { api, foreign } = world;
      api.next(unauthorized(), redirect(`${foreign.origin}/landing`));
      foreign.next({});
      expect(await world.client().request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(authorizations(foreign.requests)).toEqual([false]);
    });

    test('of a GET to the same origin that answers 401 is made good', async () => {
      const { api, identity } = world;
      const client = world.client();
      api.respond = ({ url }) => (url === '/orders' ? redirect('/landing', 307) : undefined);
      await client.request({ url: '/orders' });
      identity.revokeAll();
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      expect(identity.tokenRequests).toBe(2);
    });

    testUnless(
      world,
      'redirects',
      'of a POST whose target answers 401 does not send it to the first URL again',
      async () => {
        const { api, identity } = world;
        const client = world.client();
        api.respond = ({ url }) => (url === '/orders' ? redirect('/landing', 307) : undefined);
        await client.request({ url: '/orders' });
        identity.revokeAll();
        await client.request({ method: 'POST', url: '/orders', body: makeBody('string') });
        expect(api.requests.filter(({ method, url }) => method === 'POST' && url === '/orders')).toHaveLength(1);
        expect(await client.request({ url: '/landing' })).toMatchObject({ status: 200 });
        expect(identity.tokenRequests).toBe(2);
      },
    );
  });

  describe('one request', () => {
    test('with an Authorization of its own keeps it, and is not retried', async () => {
      const { api, identity } = world;
      const headers = { Authorization: 'Basic b3JkZXJzOm9yZGVycw==' };
      api.next(unauthorized());
      expect(await world.client().request({ url: '/orders', headers })).toMatchObject({ status: 401 });
      expect(api.requests).toMatchObject([{ authorization: headers.Authorization }]);
      expect(identity.tokenRequests).toBe(0);
    });

    testUnless(world, 'request without token', 'with bearerAuth: false goes without a token', async () => {
      const { api, identity } = world;
      const client = world.client();
      expect(await client.request({ url: '/orders', bearerAuth: false })).toMatchObject({ status: 401 });
      expect(authorizations(api.requests)).toEqual([false]);
      expect(identity.tokenRequests).toBe(0);
    });

    test.each([false, { scope: 'orders.read' }])('has no bearerAuth that all objects inherit: %j', async (value) => {
      const { api, identity } = world;
      const client = world.client({ source: world.source({ scope: 'orders.write' }) });
      // The driver, which hands the fields on to the client, inherits nothing.
      const request = Object.assign(Object.create(null) as object, { url: '/orders' });
      Object.assign(Object.prototype, { bearerAuth: value });
      try {
        expect(await client.request(request)).toMatchObject({ status: 200 });
      } finally {
        Reflect.deleteProperty(Object.prototype, 'bearerAuth');
      }
      const scopes = api.requests.map(({ authorization }) => identity.scopeOf(authorization?.slice(7) ?? ''));
      expect(scopes).toEqual(['orders.write']);
    });

    testUnless(world, 'request with another scope', 'may ask for another scope, also when it is replayed', async () => {
      const { api, identity } = world;
      const client = world.client({ source: world.source({ scope: 'orders.read' }) });
      await client.request({ url: '/orders' });
      api.next(unauthorized());
      const bearerAuth = { scope: 'orders.write' };
      expect(await client.request({ url: '/orders', bearerAuth })).toMatchObject({ status: 200 });
      const scopes = api.requests.map(({ authorization }) => identity.scopeOf(authorization?.slice(7) ?? ''));
      expect(scopes).toEqual(['orders.read', 'orders.write', 'orders.write']);
    });
  });
}
