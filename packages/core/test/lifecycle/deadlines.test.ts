import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createTokenSource, type TokenSourceOptions } from '../../src/index.ts';
import { minute, second, timedClock } from '../test-clock.ts';
import { Client, clientWithToken, failure, fate, tally } from './client.ts';
import { deferred, HeldServer, settle, steps, type Reply, unreachable } from './held-server.ts';

describe('a token request that gets no answer', () => {
  const timeout = 20;

  test('ends at the deadline', async () => {
    const client = new Client({ timeout });
    expect(await failure(client.ask())).toMatchObject({
      code: 'ERR_TOKEN_TIMEOUT',
      transient: true,
      message: 'no token from https://login.example.com/connect/token within 20 ms',
    });
    expect(client.server.requests[0]?.signal.aborted).toBe(true);
  });

  test('ends at the deadline even where fetch knows no signals', async () => {
    const client = new Client({ timeout }, new HeldServer({ heedsSignals: false }));
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
  });

  test('ends at the deadline when it is the secret that cannot be had', async () => {
    const client = new Client({ timeout, clientSecret: () => new Promise(() => {}) });
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
    expect(client.requestCount).toBe(0);
  });

  test('ends at the deadline when it is a background renewal, which no caller notices', async () => {
    const client = await clientWithToken({}, { timeout });
    client.clock.advance(56 * minute);
    await client.ask();
    await settle();
    const { signal } = client.server.requests[1] ?? {};
    if (!signal?.aborted) await once(signal as AbortSignal, 'abort');
    await settle();
    expect(await client.ask()).toBe('token-1');
    expect(client.events).toContainEqual(expect.objectContaining({ type: 'failed', code: 'ERR_TOKEN_TIMEOUT' }));
  });

  test('is a failure like any other: the next waits for its turn', async () => {
    const client = new Client({ timeout });
    await failure(client.ask());
    expect(await fate(client.ask())).toBe('ERR_TOKEN_TIMEOUT');
    client.clock.advance(second);
    const asked = client.ask();
    await client.server.answer();
    expect(await asked).toBe('token-2');
  });

  test('has 10 seconds by default', async () => {
    const client = new Client({}, new HeldServer(), timedClock());
    const failed = failure(client.ask());
    await client.clock.advanceAsync(10 * second - 1);
    expect(client.server.requests[0]?.signal.aborted).toBe(false);
    await client.clock.advanceAsync(1);
    expect(await failed).toHaveProperty('code', 'ERR_TOKEN_TIMEOUT');
  });

  test('leaves no timer behind when it is answered', async () => {
    const stopped = jest.spyOn(globalThis, 'clearTimeout');
    await clientWithToken();
    expect(stopped).toHaveBeenCalledTimes(1);
    stopped.mockRestore();
  });
});

/** A caller who may leave. */
const leaving = (client: Client): { leave: (reason?: unknown) => void; asked: Promise<string> } => {
  const controller = new AbortController();
  return { leave: (reason) => controller.abort(reason), asked: client.ask({ signal: controller.signal }) };
};

describe('a caller who leaves', () => {
  test.each([new Error('enough'), 'enough', null, 0])('gets its own reason, %p, as it is', async (reason) => {
    const { leave, asked } = leaving(new Client());
    await settle();
    leave(reason);
    await expect(asked).rejects.toBe(reason);
  });

  test('gets the reason at once, and costs nothing, when it had left before it came', async () => {
    const client = await clientWithToken();
    await expect(client.ask({ signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    await expect(new Client().ask({ signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    expect(client.newEvents()).toEqual([]);
  });

  test('harms no other', async () => {
    const client = new Client();
    const [first, other] = [leaving(client), leaving(client)];
    const third = client.ask();
    await settle();
    first.leave('first');
    other.leave('second');
    await expect(first.asked).rejects.toBe('first');
    await expect(other.asked).rejects.toBe('second');
    await client.server.answer();
    expect(await third).toBe('token-1');
    expect(client.requestCount).toBe(1);
  });

  test('ends the token request when it is the last', async () => {
    const client = new Client();
    const callers = [leaving(client), leaving(client), leaving(client)];
    for (const { leave, asked } of callers) {
      await settle();
      expect(client.server.waiting).toHaveLength(1);
      leave('enough');
      await expect(asked).rejects.toBe('enough');
    }
    await settle();
    expect(client.server.waiting).toHaveLength(0);
  });

  test('spares the server the token request when it leaves in the same breath', async () => {
    const client = new Client();
    const { leave, asked } = leaving(client);
    leave('enough');
    await expect(asked).rejects.toBe('enough');
    await settle();
    expect(client.requestCount).toBe(0);
  });

  test('makes room: the next caller starts a token request of its own, at once', async () => {
    const client = new Client();
    const { leave, asked } = leaving(client);
    await settle();
    leave('enough');
    await expect(asked).rejects.toBe('enough');
    const next = client.ask();
    await client.server.answer();
    expect(await next).toBe('token-2');
  });

  test('does not end a token request that somebody joined in the same breath', async () => {
    const client = new Client();
    const { leave, asked } = leaving(client);
    await settle();
    leave('enough');
    const next = client.ask();
    await expect(asked).rejects.toBe('enough');
    await client.server.answer();
    expect(await next).toBe('token-1');
  });

  test('does not end a renewal in the background, whether it set it off or waits for it', async () => {
    const client = await clientWithToken();
    client.clock.advance(56 * minute);
    const first = leaving(client);
    expect(await first.asked).toBe('token-1');
    client.clock.advance(3.9 * minute);
    const joining = [leaving(client), leaving(client)];
    await settle();
    first.leave('first');
    for (const { leave, asked } of joining) {
      leave('second');
      await expect(asked).rejects.toBe('second');
    }
    await client.server.answer();
    expect(await client.ask()).toBe('token-2');
  });

  test('gets its reason though its token is late and would serve', async () => {
    const client = await clientWithToken();
    client.clock.advance(59.9 * minute);
    const { leave, asked } = leaving(client);
    await settle();
    leave('enough');
    await expect(asked).rejects.toBe('enough');
  });

  test('too late has its token, and leaves no listener on its signal', async () => {
    const client = new Client();
    const controller = new AbortController();
    const added = jest.spyOn(controller.signal, 'addEventListener');
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    const asked = client.ask({ signal: controller.signal });
    await client.server.answer();
    expect(await asked).toBe('token-1');
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    controller.abort();
    expect(await client.ask()).toBe('token-1');
  });

  test.each<[string, Reply]>([
    ['token', {}],
    ['failure', unreachable()],
  ])('at whatever moment, before or after its %s arrives, takes nothing from the next', async (_, reply) => {
    for (let count = 0; count < 60; count++) {
      const client = new Client();
      const { leave, asked } = leaving(client);
      const outcome = asked.catch(String);
      await settle();
      client.server.onRequest = (request) => request.answer();
      client.server.requests[0]?.answer(reply);
      await steps(count);
      leave('enough');
      await outcome;
      if (reply instanceof Error) {
        await settle();
        client.clock.advance(second);
      }
      expect(await fate(client.ask())).toMatch(/^token-/);
      const ends = client.newEvents().filter((type) => ['acquired', 'failed', 'aborted'].includes(type));
      expect(ends).toHaveLength(client.requestCount);
    }
  });
});

describe('on the wire', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  /** The options of a source whose token endpoint is a real one. */
  async function listen(listener: RequestListener): Promise<TokenSourceOptions> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { tokenEndpoint: `http://127.0.0.1:${port}/token`, clientId: 'orders', clientSecret: 's3cret' };
  }

  test('the server sees the token request end when the last waiter leaves', async () => {
    const { promise: arrived, resolve: arrive } = deferred<ServerResponse>();
    const source = createTokenSource(await listen((_request, response) => arrive(response)));
    const controller = new AbortController();
    const asked = source.getToken({ signal: controller.signal });
    const response = await arrived;
    const closed = once(response, 'close');
    controller.abort('enough');
    await expect(asked).rejects.toBe('enough');
    await closed;
    expect(response.writableFinished).toBe(false);
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['never ends its answer', (_request, response) => response.writeHead(200).write('{"access_token":')],
  ])('an endpoint that %s is left at the deadline', async (_, listener) => {
    const { promise: arrived, resolve: arrive } = deferred<ServerResponse>();
    const options = await listen((request, response) => {
      arrive(response);
      listener(request, response);
    });
    const asked = failure(createTokenSource({ ...options, timeout: 100 }).getToken());
    const closed = once(await arrived, 'close');
    expect(await asked).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
    await closed;
  });

  test('a token is had, whatever has happened before', async () => {
    let requests = 0;
    const options = await listen((request, response) => {
      if (++requests === 1) return request.destroy();
      return response.end(JSON.stringify({ access_token: 'real', token_type: 'Bearer', expires_in: 60 }));
    });
    const client = new Client({ ...options, fetch: undefined });
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
    client.clock.advance(minute);
    const asked = client.askTimes(100);
    await Promise.all(asked);
    expect(await tally(asked)).toEqual({ real: 100 });
    expect(requests).toBe(2);
  });
});

test('an aborted token request says nothing of the endpoint: no pause follows', async () => {
  const client = new Client();
  const asked = client.ask({ signal: AbortSignal.timeout(1) });
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(client.server.waiting).toHaveLength(0);
  const next = client.ask();
  expect(await fate(next)).toBe('waits');
  await client.server.answer(unreachable);
  expect(await fate(next)).toBe('ERR_TOKEN_REQUEST');
});
