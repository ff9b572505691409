import { type Case } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { expectEqual, expectTrue, failureOf } from '../expect.ts';

const times = (count: number): undefined[] => Array.from({ length: count });
export const refused = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"', 'content-type': 'application/json' },
  body: '{"message":"no"}',
};

/** What a request carries, alone and among many, and where it goes. */
export function requestCases(driver: Driver): Case[] {
  const about = driver.name;
  return [
    {
      about,
      name: 'first request',
      async run(world) {
        const client = driver.create(world.servers.api, world.source());
        const { status, text } = await client.send({ path: '/orders' });
        expectEqual([status, JSON.parse(text).method], [200, 'GET'], 'answer');
        const { tokenRequests, api } = await world.look();
        expectEqual([tokenRequests, api.length], [1, 1], 'token requests and requests');
        expectTrue(/^Bearer \S+$/.test(api[0]?.authorization ?? ''), 'a bearer token');
        client.close?.();
      },
    },
    {
      about,
      name: 'herd of 1,000',
      async run(world) {
        const client = driver.create(world.servers.api, world.source());
        const answers = await Promise.all(times(1_000).map(() => client.send({ path: '/status/200' })));
        expectEqual(answers.filter(({ status }) => status === 200).length, 1_000, 'requests that succeeded');
        const { tokenRequests, api } = await world.look();
        expectEqual([tokenRequests, api.length], [1, 1_000], 'token requests and requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'revocation of 500',
      async run(world) {
        const client = driver.create(world.servers.api, world.source());
        await client.send({ path: '/orders' });
        await world.change({ revokeAll: true });
        const answers = await Promise.all(times(500).map(() => client.send({ path: '/status/200' })));
        expectEqual(answers.filter(({ status }) => status === 200).length, 500, 'requests that succeeded');
        expectEqual((await world.look()).tokenRequests, 2, 'token requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'a token refused twice',
      async run(world) {
        await world.next(refused, refused);
        const client = driver.create(world.servers.api, world.source());
        expectEqual((await client.send({ path: '/orders' })).status, 401, 'status');
        const { tokenRequests, api } = await world.look();
        expectEqual([tokenRequests, api.length], [2, 2], 'token requests and requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'redirect within the origin',
      async run(world) {
        await world.next({ status: 307, headers: { location: '/status/200' } });
        const client = driver.create(world.servers.api, world.source());
        expectEqual((await client.send({ path: '/moved' })).status, 200, 'status');
        const { api } = await world.look();
        expectEqual(
          api.map(({ authorization = '' }) => authorization.slice(0, 7)),
          ['Bearer ', 'Bearer '],
          'tokens',
        );
        client.close?.();
      },
    },
    {
      about,
      name: 'redirect to another origin',
      async run(world) {
        await world.next({ status: 302, headers: { location: `${world.servers.foreign}/orders` } });
        const client = driver.create(world.servers.api, world.source());
        await client.send({ path: '/moved' });
        const { tokenRequests, foreign } = await world.look();
        expectEqual(
          foreign.map(({ authorization }) => authorization ?? 'none'),
          ['none'],
          'token of the other origin',
        );
        expectEqual(tokenRequests, 1, 'token requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'redirect to another origin after a replay',
      async run(world) {
        await world.next(refused, { status: 302, headers: { location: `${world.servers.foreign}/orders` } });
        const client = driver.create(world.servers.api, world.source());
        await client.send({ path: '/moved' });
        const { tokenRequests, foreign } = await world.look();
        expectEqual(
          foreign.map(({ authorization }) => authorization ?? 'none'),
          ['none'],
          'token of the other origin',
        );
        expectEqual(tokenRequests, 2, 'token requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'abort while the token is waited for',
      async run(world) {
        await world.change({ outage: 'hanging' });
        const client = driver.create(world.servers.api, world.source());
        const controller = new AbortController();
        const [left, other] = [
          failureOf(client.send({ path: '/status/200', signal: controller.signal })),
          client.send({ path: '/status/200' }),
        ];
        await world.until('the token is requested', ({ tokenRequests }) => tokenRequests === 1);
        controller.abort();
        expectTrue(isAbort(await left), 'the error of an abort');
        await world.change({ outage: 'none' });
        expectEqual((await other).status, 200, 'status of the other request');
        const { tokenRequests, api } = await world.look();
        expectEqual([tokenRequests, api.length], [1, 1], 'token requests and requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'abort while the API is waited for',
      async run(world) {
        await world.next({ hangs: true });
        const client = driver.create(world.servers.api, world.source());
        const controller = new AbortController();
        const left = failureOf(client.send({ path: '/orders', signal: controller.signal }));
        await world.until('the request is there', ({ api }) => api.length === 1);
        controller.abort();
        expectTrue(isAbort(await left), 'the error of an abort');
        expectEqual((await client.send({ path: '/status/200' })).status, 200, 'status of the next request');
        expectEqual((await world.look()).tokenRequests, 1, 'token requests');
        client.close?.();
      },
    },
  ];
}

function isAbort(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'AbortError' || name === 'CanceledError' || code === 'ERR_CANCELED' || code === 'ABORT_ERR';
}
