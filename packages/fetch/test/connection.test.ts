import { Agent as HttpAgent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, createTokenSource, type TokenSource } from '@tokenline/fetch';
import nodeFetch3 from 'node-fetch';
import nodeFetch2 from 'node-fetch-2';
import { Agent, fetch as undiciFetch } from 'undici';
import { fetch as fetch724 } from 'undici-7.24';
import { nodeFetch } from './driver.ts';

type Fetch = (url: string, init?: object) => Promise<Response>;

async function* drip(): AsyncGenerator<string> {
  yield 'no';
  await new Promise(() => {});
}

const upload = (cancelled: (reason: unknown) => void): object => ({
  method: 'POST',
  duplex: 'half',
  body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)), cancel: cancelled }),
});

describe('a refusal', () => {
  let origin = '';
  let refusal: () => Iterable<string> | AsyncIterable<string>;
  let issued = 0;
  // The token endpoint and the API are one server, and share the one connection of the pool.
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/token') {
      issued++;
      const token = { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3_600 };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
    } else if (request.headers.authorization === 'Bearer token-1') {
      response.writeHead(401);
      Readable.from(refusal()).pipe(response);
    } else response.end('orders');
  });
  let agent: Agent;
  const pooled: typeof undiciFetch = (url, init) => undiciFetch(url, { ...init, dispatcher: agent });
  const client = (tokenEndpoint = `${origin}/token`): typeof undiciFetch => {
    const options = { clientId: 'orders', clientSecret: 'secret', allowInsecureRequests: true, patience: 0 };
    const source = createTokenSource({ ...options, tokenEndpoint, fetch: pooled });
    return bearerAuth(pooled, source, { origins: [origin] });
  };

  beforeEach(async () => {
    issued = 0;
    agent = new Agent({ connections: 1 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ['short', () => ['no']],
    ['of 400 kB', () => Array.from({ length: 400 }, () => '.'.repeat(1_000))],
    ['of two megabytes', () => Array.from({ length: 2_000 }, () => '.'.repeat(1_000))],
    ['without an end', drip],
  ])('%s does not hold the connection that the token request needs', async (_, body) => {
    refusal = body;
    const send = client();
    const response = await send(`${origin}/orders`);
    expect([response.status, await response.text(), issued]).toEqual([200, 'orders', 2]);
  });

  test('is handed over whole where the token cannot be renewed', async () => {
    refusal = () => Array.from({ length: 400 }, () => '.'.repeat(1_000));
    const send = bearerAuth(pooled, sourceOf('token-1'), { origins: [origin] });
    const response = await send(`${origin}/orders`);
    expect([response.status, (await response.text()).length, response.url]).toEqual([401, 400_000, `${origin}/orders`]);
  });
});

describe.each([
  ['node-fetch 2', nodeFetch2 as unknown as Fetch],
  ['node-fetch 3', nodeFetch3 as unknown as Fetch],
])('a refusal that %s reads from a Node stream', (_, bare) => {
  const world = useWorld(nodeFetch);
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const pooled: Fetch = (url, init) => bare(url, { ...init, agent });
  afterEach(() => agent.destroy());

  test.each([400_000, 2_000_000])('of %d bytes does not hold the connection of the token request', async (size) => {
    const { api } = world;
    const tokens = sourceOf('a', 'b');
    const source: TokenSource = {
      async getToken(options) {
        if (options?.rejected) await pooled(`${api.origin}/token`).then((answer) => answer.text());
        return tokens.getToken(options);
      },
    };
    api.next(unauthorized(undefined, { body: '.'.repeat(size) }), {}, { body: 'orders' });
    const response = await bearerAuth(pooled, source, { origins: [api.origin] })(`${api.origin}/orders`);
    expect([response.status, await response.text()]).toEqual([200, 'orders']);
  });

  test('is handed over whole where there is no other token', async () => {
    const { api } = world;
    const headers = { 'x-trace': 'a' };
    api.next({ status: 302, headers: { location: '/landing' } }, { status: 401, headers, body: '.'.repeat(400_000) });
    const response = await bearerAuth(pooled, sourceOf('a'), { origins: [api.origin] })(`${api.origin}/orders`);
    const { status, statusText, url, redirected } = response;
    const landed = { status: 401, statusText: 'Unauthorized', url: `${api.origin}/landing`, redirected: true };
    expect({ status, statusText, url, redirected }).toEqual(landed);
    expect([response.headers.get('x-trace'), (await response.text()).length]).toEqual(['a', 400_000]);
  });
});

describe('a streamed upload', () => {
  const world = useWorld(nodeFetch);

  test('whose 401 fetch makes an error of renews the token for the next request', async () => {
    const { api, identity } = world;
    const send = bearerAuth(fetch724, world.source(), { origins: [api.origin] });
    await send(`${api.origin}/orders`);
    identity.revokeAll();
    const body = new ReadableStream({ start: (controller) => controller.close() });
    await expect(send(`${api.origin}/orders`, { method: 'POST', duplex: 'half', body })).rejects.toThrow(
      'fetch failed',
    );
    expect(await send(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    await until(() => identity.tokenRequests === 2, 'the token was renewed');
  });

  test.each(['fetch', 'fetch of a Request'])('that %s aborts while the token is waited for is ended', async (kind) => {
    const { api, identity } = world;
    identity.fail('hanging');
    const controller = new AbortController();
    const send = bearerAuth(fetch, world.source(), { origins: [api.origin] });
    const cancelled = new Promise<unknown>((resolve) => {
      const init = { ...upload(resolve), signal: controller.signal };
      const url = `${api.origin}/orders`;
      const answer = kind === 'fetch' ? send(url, init) : send(new Request(url, init));
      answer.catch(() => {});
    });
    controller.abort(new Error('enough'));
    // A Request gives the reason twice: once for its copy.
    expect([await cancelled].flat()[0]).toMatchObject({ message: 'enough' });
    expect(api.requests).toHaveLength(0);
  });
});
