import { ReadableStream } from 'node:stream/web';
import { describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, proofKey } from '@tokenline/core';
import type { AdapterUnderTest } from './adapter.ts';
import { redirect } from './answer.ts';
import { useWorld } from './world.ts';

/** What `fetch` rejects with, and what ky 1 makes of it. */
const failure = /fetch failed|redirect|network/;

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
 * How an adapter follows a redirect by itself, where its client works as `fetch` does: because the next request needs a proof
 * of its own, or because more than one origin may get the token. Then it has to do what `fetch` would have done.
 */
export function describeRedirects({ name, adapter, attach, keepsStreams = false }: RedirectedClient): void {
  describe.each(['bound', 'bearer'])(`the redirect of a %s token by ${name}`, (kind) => {
    const world = useWorld(adapter);
    const send: FetchLike = (url, init) => {
      const source = world.source(kind === 'bound' ? { dpop: proofKey() } : {});
      return attach(source, [world.api.origin, 'https://api.example.com'])(url, init);
    };
    const guard = (): { nonce: string } => (kind === 'bound' ? world.guard() : { nonce: '' }) as { nonce: string };
    const sent = (): string[] =>
      world.api.requests.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`);
    const post = { method: 'POST', body: 'a;b', headers: { 'content-type': 'text/csv', 'x-trace': 'a' } };

    test.each([307, 308])('of status %d keeps method, body and headers', async (status) => {
      const { api } = world;
      guard();
      api.next(redirect('/landing', status));
      const { status: final, url, redirected } = await send(`${api.origin}/orders`, post);
      expect({ final, url, redirected }).toEqual({ final: 200, url: `${api.origin}/landing`, redirected: true });
      expect(sent()).toEqual(['POST /orders a;b', 'POST /landing a;b']);
      expect(api.requests[1]?.headers).toMatchObject({ 'content-type': 'text/csv', 'x-trace': 'a' });
    });

    test.each([301, 302, 303])('of status %d makes a GET of a POST', async (status) => {
      const { api } = world;
      guard();
      api.next(redirect('/landing', status));
      expect(await send(`${api.origin}/orders`, post)).toMatchObject({ status: 200 });
      expect(sent()).toEqual(['POST /orders a;b', 'GET /landing ']);
      expect(api.requests[1]?.headers).toMatchObject({ 'x-trace': 'a' });
      expect(api.requests[1]?.headers).not.toHaveProperty('content-type');
    });

    test('fails where it leads to a URL with credentials', async () => {
      const { api } = world;
      guard();
      api.next(redirect(`${api.origin.replace('//', '//user:password@')}/landing`));
      await expect(send(`${api.origin}/orders`)).rejects.toThrow(failure);
      expect(sent()).toEqual(['GET /orders ']);
    });

    test('takes what is for its origin alone nowhere else', async () => {
      const { api, foreign } = world;
      guard();
      api.next(redirect(`${foreign.origin}/landing`));
      foreign.next({});
      const headers = { cookie: 'session=1', 'x-trace': 'a' };
      expect(await send(`${api.origin}/orders`, { headers })).toMatchObject({ status: 200 });
      expect(foreign.requests).toMatchObject([{ url: '/landing', headers: { 'x-trace': 'a' } }]);
      for (const header of ['cookie', 'authorization', 'dpop'])
        expect(foreign.requests[0]?.headers).not.toHaveProperty(header);
    });

    test('of a stream fails, since the stream is gone', async () => {
      const { api } = world;
      guard();
      api.next(redirect('/landing', 307));
      const body = ReadableStream.from([Buffer.from('a;b')]);
      const answer = send(`${api.origin}/orders`, { method: 'POST', body, duplex: 'half' } as unknown as RequestInit);
      const outcome = await answer.then(({ status }) => String(status), String);
      expect(outcome).toMatch(keepsStreams ? '200' : failure);
      expect(sent()).toEqual(keepsStreams ? ['POST /orders a;b', 'POST /landing a;b'] : ['POST /orders a;b']);
    });

    test('ends somewhere', async () => {
      const { api } = world;
      guard();
      api.respond = () => redirect('/orders');
      await expect(send(`${api.origin}/orders`)).rejects.toThrow(failure);
      expect(api.requests).toHaveLength(21);
    });

    test('is not followed where the caller said so', async () => {
      const { api } = world;
      guard();
      api.next(redirect('/landing'), redirect('/landing'));
      expect(await send(`${api.origin}/orders`, { redirect: 'manual' })).toMatchObject({ status: 302 });
      await expect(send(`${api.origin}/orders`, { redirect: 'error' })).rejects.toThrow(failure);
      expect(api.requests).toHaveLength(2);
    });

    test.each(['javascript:alert(1)', 'ftp://127.0.0.1/', 'http://['])('to %j fails', async (location) => {
      const { api } = world;
      guard();
      api.next({ status: 302, headers: { location } });
      await expect(send(`${api.origin}/orders`)).rejects.toThrow(failure);
      expect(api.requests).toHaveLength(1);
    });

    test('is told of by a copy of the answer, too', async () => {
      const { api } = world;
      guard();
      api.next(redirect('/landing'));
      const answer: Partial<Response> = await send(`${api.origin}/orders`);
      // That of a driver only looks like a response.
      expect(answer.clone?.() ?? answer).toMatchObject({ redirected: true });
    });

    test('to a path in UTF-8 leads there', async () => {
      const { api } = world;
      guard();
      api.next(redirect(Buffer.from('/größe/世').toString('latin1')));
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
      expect(api.requests[1]?.url).toBe('/gr%C3%B6%C3%9Fe/%E4%B8%96');
    });

    test('that is none, or leads nowhere, is an answer', async () => {
      const { api } = world;
      guard();
      api.next({ status: 302 }, redirect('/orders', 300));
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 302, redirected: false });
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 300, redirected: false });
    });
  });

  describe(`a redirect by ${name}`, () => {
    const world = useWorld(adapter);

    test('of a nonce that is demanded at its target is answered there', async () => {
      const { api, identity } = world;
      world.guard().nonce = 'first';
      api.next(redirect('/landing', 307));
      const send = attach(world.source({ dpop: proofKey() }), [api.origin]);
      expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
      expect(api.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /orders',
        'GET /landing',
        'GET /landing',
      ]);
      expect(identity.tokenRequests).toBe(1);
    });
  });
}
