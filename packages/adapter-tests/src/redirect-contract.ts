import { ReadableStream } from 'node:stream/web';
import { describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, proofKey } from '@tokenline/core';
import type { AdapterUnderTest } from './adapter.ts';
import { redirect } from './answer.ts';
import { useWorld } from './world.ts';

/** A client that is called as `fetch` is, with absolute URLs. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>;

/** How such a client is made, and what is said about it. */
export interface RedirectedClient {
  readonly name: string;
  readonly adapter: AdapterUnderTest;
  /** A client with a token, for these origins. */
  readonly attach: (source: ClientTokenSource, origins: readonly string[]) => FetchLike;
  /** Whether a stream can be sent again: a copy is kept of every body. @defaultValue false */
  readonly keepsStreams?: boolean;
}

/**
 * How an adapter follows a redirect that needs a proof of its own, where its client works as `fetch` does: then it has
 * to do by itself what `fetch` would have done.
 */
export function describeRedirects({ name, adapter, attach, keepsStreams = false }: RedirectedClient): void {
  describe(`the redirect of a bound token by ${name}`, () => {
    const world = useWorld(adapter);
    const send: FetchLike = (url, init) => attach(world.source({ dpop: proofKey() }), [world.api.origin])(url, init);
    const sent = (): string[] =>
      world.api.requests.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`);
    const post = { method: 'POST', body: 'a;b', headers: { 'content-type': 'text/csv', 'x-trace': 'a' } };

    test.each([307, 308])('of status %d keeps method, body and headers', async (status) => {
      const { api } = world;
      world.guard();
      api.next(redirect('/landing', status));
      const { status: final, url } = await send(`${api.origin}/orders`, post);
      expect({ final, url }).toEqual({ final: 200, url: `${api.origin}/landing` });
      expect(sent()).toEqual(['POST /orders a;b', 'POST /landing a;b']);
      expect(api.requests[1]?.headers).toMatchObject({ 'content-type': 'text/csv', 'x-trace': 'a' });
    });

    test.each([301, 302, 303])('of status %d makes a GET of a POST', async (status) => {
      const { api } = world;
      world.guard();
      api.next(redirect('/landing', status));
      expect(await send(`${api.origin}/orders`, post)).toMatchObject({ status: 200 });
      expect(sent()).toEqual(['POST /orders a;b', 'GET /landing ']);
      expect(api.requests[1]?.headers).toMatchObject({ 'x-trace': 'a' });
      expect(api.requests[1]?.headers).not.toHaveProperty('content-type');
    });

    test('of a nonce that is demanded at its target is answered there', async () => {
      const { api, identity } = world;
      world.guard().nonce = 'first';
      api.next(redirect('/landing', 307));
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
      expect(sent()).toEqual(['GET /orders ', 'GET /landing ', 'GET /landing ']);
      expect(identity.tokenRequests).toBe(1);
    });

    test('takes what is for its origin alone nowhere else', async () => {
      const { api, foreign } = world;
      world.guard();
      api.next(redirect(`${foreign.origin}/landing`));
      foreign.next({});
      const headers = { cookie: 'session=1', 'x-trace': 'a' };
      expect(await send(`${api.origin}/orders`, { headers })).toMatchObject({ status: 200 });
      expect(foreign.requests).toMatchObject([{ url: '/landing', headers: { 'x-trace': 'a' } }]);
      for (const header of ['cookie', 'authorization', 'dpop'])
        expect(foreign.requests[0]?.headers).not.toHaveProperty(header);
    });

    test('of a stream is handed over, since the stream is gone', async () => {
      const { api } = world;
      world.guard();
      api.next(redirect('/landing', 307));
      const body = ReadableStream.from([Buffer.from('a;b')]);
      const init = { method: 'POST', body, duplex: 'half' } as unknown as RequestInit;
      const { status } = await send(`${api.origin}/orders`, init);
      expect(status).toBe(keepsStreams ? 200 : 307);
      expect(sent()).toEqual(keepsStreams ? ['POST /orders a;b', 'POST /landing a;b'] : ['POST /orders a;b']);
    });

    test('ends somewhere', async () => {
      const { api } = world;
      world.guard();
      api.respond = () => redirect('/orders');
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 302 });
      expect(api.requests).toHaveLength(21);
    });

    test('is not followed where the caller said so', async () => {
      const { api } = world;
      world.guard();
      api.next(redirect('/landing'), redirect('/landing'));
      expect(await send(`${api.origin}/orders`, { redirect: 'manual' })).toMatchObject({ status: 302 });
      await expect(send(`${api.origin}/orders`, { redirect: 'error' })).rejects.toThrow(
        /fetch failed|redirect|network/,
      );
      expect(api.requests).toHaveLength(2);
    });

    test.each(['javascript:alert(1)', 'ftp://127.0.0.1/', 'http://[', ''])('to %j is handed over', async (location) => {
      const { api } = world;
      world.guard();
      api.next({ status: 302, headers: { location } });
      api.respond = () => redirect('/orders', 300);
      const { status } = await send(`${api.origin}/orders`);
      expect([300, 302]).toContain(status);
    });
  });
}
