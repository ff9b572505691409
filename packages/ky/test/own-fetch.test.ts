import { describe, expect, jest, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/ky';
import nodeFetch from 'node-fetch';
import { Agent, fetch as undiciFetch } from 'undici';
import type { KyInstance } from 'ky';
import { newest, oldest } from './versions.ts';

type Send = (request: Request) => Promise<Response>;

// node-fetch does not take the Request of Node, so its users say what is in it.
const byNodeFetch: Send = async (request) => {
  const { url, method, headers, redirect: mode } = request;
  const body = request.body ? await request.text() : null;
  return nodeFetch(url, { method, headers, body, redirect: mode as 'follow' }) as unknown as Response;
};

describe.each([newest, oldest])('$adapter.name with a fetch of its own', ({ adapter, ky: base, generation }) => {
  const world = useWorld(adapter);
  const attach = (send: Send, origins: string[] = [], source: TokenSource = world.source()): KyInstance => {
    const options = { [generation.prefix]: world.api.origin, retry: 0, throwHttpErrors: false };
    return bearerAuth(base.create({ ...options, fetch: send as unknown as typeof fetch }), source, { origins });
  };
  test('takes the token to no other port', async () => {
    const { api, foreign } = world;
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    expect(await attach(byNodeFetch)('orders')).toMatchObject({ status: 200, redirected: true });
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);
  });

  test('takes the token to no other port by what takes the place of the global fetch', async () => {
    const { api, foreign } = world;
    const client = attach(undefined as never, [], world.source({ fetch }));
    jest.spyOn(globalThis, 'fetch').mockImplementation(byNodeFetch as never);
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    await client('orders').finally(() => jest.restoreAllMocks());
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);
  });

  test('takes the token and the body along between allowed origins', async () => {
    const { api, foreign, identity } = world;
    api.next(redirect(`${foreign.origin}/landing`, 307));
    const answer = attach(byNodeFetch, [foreign.origin]).post('orders', { json: { id: 7 } });
    expect(await answer).toMatchObject({ status: 200 });
    expect(foreign.requests.map(({ body }) => body.toString())).toEqual(['{"id":7}']);
    expect(identity.tokenRequests).toBe(1);
  });

  test('hands a refusal over when there is no other token', async () => {
    const answer = await attach(byNodeFetch, [], sourceOf('refused'))('orders');
    expect([answer.status, await answer.text()]).toEqual([401, '{"message":"no"}']);
  });

  test('has its connection back before the token is renewed', async () => {
    const { api } = world;
    const dispatcher = new Agent({ connections: 1 });
    const pooled = ((request: Request) =>
      undiciFetch(request.url, { headers: [...request.headers], dispatcher })) as never;
    const tokens = sourceOf('a', 'b');
    const source: TokenSource = {
      // The token comes over the connection that the refusal came over.
      async getToken(options) {
        if (options?.rejected) await undiciFetch(`${api.origin}/token`, { dispatcher }).then((answer) => answer.text());
        return tokens.getToken(options);
      },
    };
    api.next(unauthorized(undefined, { body: '.'.repeat(400_000) }), {}, {});
    expect(await attach(pooled, [], source)('orders')).toMatchObject({ status: 200 });
    expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/token', '/orders']);
    await dispatcher.destroy();
  });

  test('keeps the referrer of a request', async () => {
    const seen: Request[] = [];
    const send = attach(
      async (request) => {
        seen.push(request);
        await request.text();
        return seen.length < 3 ? Response.json({}, { status: 401 }) : new Response();
      },
      ['https://api.example.com'],
      sourceOf('a', 'b'),
    );
    const own = { method: 'POST', body: 'a', referrer: '', referrerPolicy: 'no-referrer' } as const;
    await send(new URL('https://api.example.com/'), own);
    expect(seen).toMatchObject([own, own].map(({ referrer, referrerPolicy }) => ({ referrer, referrerPolicy })));
  });
});
