import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, createTokenSource, tokenErrorOf, type TokenSourceOptions } from '@tokenline/core';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';
import { bearerAuth } from '@tokenline/fetch';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { http as http2 } from 'msw-2';
import { setupServer as setupServer2 } from 'msw-2/node';
import { Agent, fetch as undiciFetch } from 'undici';
import { type FakeIdentityServer, fakeIdentityServer, type ProtectedApi, protectedApi } from '../src/index.ts';

let server: FakeIdentityServer;
let api: ProtectedApi;
/** How requests get to the server and to the API, and what ends that. */
let network: Network;

interface Network {
  readonly toServer: typeof fetch;
  readonly toApi: typeof fetch;
  readonly close: () => unknown;
}

const ways: readonly (readonly [string, () => Promise<Network>])[] = [
  ['a fetch', async () => ({ toServer: server.fetch, toApi: api.fetch, close: () => {} })],
  [
    'a listener',
    async () => {
      await Promise.all([server.listen(), api.listen()]);
      return { toServer: fetch, toApi: fetch, close: () => Promise.all([server.close(), api.close()]) };
    },
  ],
  [
    'handlers of msw 2',
    async () => {
      const mock = setupServer2(...server.handlers(http2), ...api.handlers(http2));
      mock.listen();
      return { toServer: fetch, toApi: fetch, close: () => mock.close() };
    },
  ],
  [
    'handlers of msw 3',
    async () => {
      const mock = setupServer(...server.handlers(http), ...api.handlers(http));
      mock.listen();
      return { toServer: fetch, toApi: fetch, close: () => mock.close() };
    },
  ],
];

const source = (options: Partial<TokenSourceOptions> = {}): ClientTokenSource =>
  createTokenSource({ ...server.client, fetch: network.toServer, patience: 0, ...options });
const client = (): typeof fetch => bearerAuth(network.toApi, source(), { origins: [api.origin] });

describe.each(ways)('as %s', (_, start) => {
  beforeEach(async () => {
    server = fakeIdentityServer();
    api = protectedApi(server);
    network = await start();
  });
  afterEach(async () => void (await network.close()));

  test('a source finds the server, and the API takes its token', async () => {
    const send = client();
    const response = await send(`${api.origin}/orders?page=2`, { method: 'POST', body: 'one' });
    expect(await response.json()).toEqual({ method: 'POST', path: '/orders?page=2', body: 'one' });
    await send(`${api.origin}/orders`);
    expect(server.tokenRequests).toHaveLength(1);
    expect(api.requests).toMatchObject([
      { method: 'POST', path: '/orders?page=2', body: 'one', status: 200 },
      { method: 'GET', path: '/orders', status: 200, headers: { authorization: 'Bearer [redacted]' } },
    ]);
  });

  test('a request without a token is refused', async () => {
    const response = await network.toApi(`${api.origin}/orders`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
  });

  test('a token that is revoked is replaced, and the request is sent again', async () => {
    const send = client();
    await send(`${api.origin}/orders`);
    api.revokeNext();
    expect((await send(`${api.origin}/orders`, { method: 'PUT', body: 'two' })).status).toBe(200);
    server.revokeAll();
    expect((await send(`${api.origin}/orders`)).status).toBe(200);
    expect(api.requests.map(({ status }) => status)).toEqual([200, 401, 200, 401, 200]);
    expect(server.tokenRequests).toHaveLength(3);
  });

  test('a redirect is followed with the token', async () => {
    api.redirectNext('/moved', { status: 307 });
    const response = await client()(`${api.origin}/orders`, { method: 'POST', body: 'one' });
    expect(await response.json()).toEqual({ method: 'POST', path: '/moved', body: 'one' });
  });

  test('a broken connection is a failure without an answer', async () => {
    server.dropNext();
    const error = await source({ tokenEndpoint: server.tokenEndpoint, issuer: undefined })
      .getToken()
      .catch(tokenErrorOf);
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
    expect(error).not.toHaveProperty('status');
    expect(server.tokenRequests).toMatchObject([{ status: undefined }]);
  });

  test('an answer that breaks off is a failure, too', async () => {
    const parts = ['{"access_token":', undefined];
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      const part = parts.shift();
      if (part === undefined) controller.error(new Error('broken'));
      else controller.enqueue(new TextEncoder().encode(part));
    };
    api.answerNext(() => new Response(new ReadableStream({ pull })));
    const text = network.toApi(`${api.origin}/orders`).then((response) => response.text());
    await expect(text).rejects.toBeDefined();
  });

  test('what was given up before it was sent does not arrive', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(network.toApi(`${api.origin}/orders`, { signal })).rejects.toThrow('gone');
    await network.toApi(`${api.origin}/later`);
    expect(api.requests).toMatchObject([{ path: '/later' }]);
  });

  test('a caller that gives up waiting gets its own reason', async () => {
    server.hangNext();
    const controller = new AbortController();
    const asked = network.toServer(server.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      signal: controller.signal,
    });
    controller.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    server.recover();
  });
});

describe('the fetch of a fake', () => {
  const url = 'https://api.example.com/orders';
  beforeEach(() => {
    api = protectedApi(fakeIdentityServer());
  });

  test('reaches no other server', async () => {
    await expect(api.fetch('https://login.example.com/')).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } });
  });

  test('follows redirects, and drops the body where a fetch does', async () => {
    api.redirectNext('/first', { status: 303 });
    api.redirectNext('/second', { status: 308 });
    const body = new URLSearchParams({ a: '1' });
    const response = await api.fetch(url, { method: 'POST', body, headers: { authorization: 'Basic x' } });
    expect(response).toMatchObject({ url: 'https://api.example.com/second', redirected: true, status: 401 });
    expect(api.requests).toMatchObject([
      { method: 'POST', body: 'a=1' },
      { method: 'GET', path: '/first', body: '', headers: { authorization: 'Basic [redacted]' } },
      { method: 'GET', path: '/second' },
    ]);
    expect(api.requests[1]?.headers).not.toHaveProperty('content-type');
  });

  test('leaves redirects alone, fails for them, and gives up, as it is told', async () => {
    api.redirectNext('/next', { times: Infinity });
    expect(await api.fetch(url, { redirect: 'manual' })).toMatchObject({ status: 302, redirected: false });
    await expect(api.fetch(url, { redirect: 'error' })).rejects.toThrow(TypeError);
    await expect(api.fetch(url)).rejects.toThrow(TypeError);
    expect(api.requests).toHaveLength(1 + 1 + 21);
  });

  test('follows a redirect to nowhere to its end', async () => {
    api.redirectNext('https://other.example.com/');
    await expect(api.fetch(url)).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } });
  });
});

describe('a listener', () => {
  test('has its own origin, and the virtual one again after its end', async () => {
    const listening = fakeIdentityServer({ issuer: 'https://login.example.com/tenant' });
    await listening.listen();
    await listening.listen();
    expect(listening.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tenant$/);
    await expect(createTokenSource(listening.client).getToken()).resolves.toMatchObject({ type: 'Bearer' });
    await listening.close();
    await listening.close();
    expect(listening.issuer).toBe('https://login.example.com/tenant');
  });

  test('ends with the block that uses it', async () => {
    let issuer: string;
    {
      await using listening = await fakeIdentityServer().listen();
      issuer = listening.issuer;
      expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
    }
    await expect(fetch(`${issuer}/jwks`)).rejects.toThrow('fetch failed');
  });

  test('serves https with a certificate', async () => {
    const authority = await privateAuthority();
    const tls = await authority.issue('localhost');
    await using listening = await fakeIdentityServer().listen({ tls });
    const dispatcher = new Agent({ connect: { ca: authority.ca } });
    const trusting: typeof undiciFetch = (input, init) => undiciFetch(input, { ...init, dispatcher });
    expect(listening.issuer).toMatch(/^https:\/\/localhost:\d+$/);
    const token = createTokenSource({ ...listening.client, fetch: trusting, patience: 0 }).getToken();
    await expect(token).resolves.toMatchObject({ type: 'Bearer' });
    await dispatcher.close();
  });

  test('rejects where its port is taken', async () => {
    await using listening = await fakeIdentityServer().listen();
    const port = Number(new URL(listening.issuer).port);
    await expect(fakeIdentityServer().listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
