import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, proofKey, type TokenSource } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

function* pairs(): Generator<[string, string]> {
  yield ['x-trace', 'a'];
}

const once = { 'a map’s entries': () => new Map([['x-trace', 'a']]).entries(), 'a generator': pairs };

describe.each([newest, oldest])('a request by $adapter.name', ({ adapter, undici: library }) => {
  const { Agent, Pool, request } = library;
  const world = useWorld(adapter);
  const open = useAgents();
  const attach = (source: TokenSource = world.source()): Dispatcher =>
    bearerAuth(open(new Agent()), source, { origins: [world.api.origin] });

  test.each(Object.entries(once))('keeps headers that can be read but once: %s', async (_, headers) => {
    const { api, foreign } = world;
    const dispatcher = attach();
    api.next(unauthorized());
    for (const { origin } of [api, foreign])
      await (await request(`${origin}/orders`, { dispatcher, headers: headers() })).body.dump();
    const sent = [...api.requests, ...foreign.requests].map(({ headers: { 'x-trace': trace } }) => trace);
    expect(sent).toEqual(['a', 'a', 'a']);
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('goes to its origin as that is at the call, a URL too', async () => {
    const { api, foreign } = world;
    const origin = new URL(api.origin);
    const answer = attach().request({ origin, path: '/orders', method: 'GET' });
    origin.href = foreign.origin;
    await (await answer).body.dump();
    expect(foreign.requests).toEqual([]);
    expect(api.requests).toMatchObject([{ url: '/orders', authorization: expect.stringMatching(/^Bearer /) }]);
  });

  test('has a proof of its URL, however its origin ends', async () => {
    const { api } = world;
    world.guard();
    for (const origin of [api.origin, `${api.origin}/`, new URL(api.origin)]) {
      const answer = attach(world.source({ dpop: proofKey() })).request({ origin, path: '/orders', method: 'GET' });
      expect(await answer).toMatchObject({ statusCode: 200 });
    }
  });

  test('is judged by where a Pool is connected, whatever origin it says', async () => {
    const { api, foreign } = world;
    const dispatcher = bearerAuth(open(new Pool(foreign.origin)), world.source());
    await (await dispatcher.request({ origin: api.origin, path: '/orders', method: 'GET' })).body.dump();
    expect(foreign.requests).toMatchObject([{ authorization: expect.stringMatching(/^Bearer /) }]);
  });

  test('may have null wherever undici lets it', async () => {
    const { api } = world;
    const nothing = { headers: null, body: null, signal: null, upgrade: null, headersTimeout: null, bodyTimeout: null };
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher: attach(), ...nothing });
    await body.dump();
    expect(statusCode).toBe(200);
  });

  test('is not sent when its signal is aborted while the token is waited for', async () => {
    const { api, identity } = world;
    identity.fail('hanging');
    const controller = new AbortController();
    const emitter = Object.assign(new EventEmitter(), { reason: new Error('emitted') });
    const dispatcher = attach();
    const answers = [controller.signal, emitter].map((signal) =>
      request(`${api.origin}/orders`, { dispatcher, signal }).catch((error: unknown) => error),
    );
    await until(() => identity.tokenRequests === 1, 'a token is requested');
    const reason = new Error('aborted');
    controller.abort(reason);
    emitter.emit('abort');
    expect(await answers[0]).toBe(reason);
    identity.recover();
    expect(await answers[1]).toBe(emitter.reason);
    expect(api.requests).toEqual([]);
  });

  test('fails with what a dispatcher throws that it is handed to with its token', async () => {
    const broken = new Error('broken');
    const agent = open(new Agent()).compose(() => (_options, _handler) => {
      throw broken;
    });
    const dispatcher = bearerAuth(agent, world.source(), { origins: [world.api.origin] });
    await expect(library.request(`${world.api.origin}/orders`, { dispatcher })).rejects.toBe(broken);
  });

  test('destroys its stream where it gets no token', async () => {
    const { identity } = world;
    identity.fail('invalid_client');
    const body = Readable.from(['a']);
    await new Promise<void>((resolve) => {
      attach().dispatch(
        { origin: world.api.origin, path: '/orders', method: 'POST', body },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd() {},
          onResponseError: () => resolve(),
        },
      );
    });
    expect(body.destroyed).toBe(true);
  });

  test('destroys its stream where it is aborted while the token is waited for', async () => {
    const { identity, api } = world;
    identity.fail('hanging');
    const controller = new AbortController();
    const body = Readable.from(['a']);
    const options = { dispatcher: attach(), method: 'POST', body, signal: controller.signal } as const;
    const answer = request(`${api.origin}/orders`, options);
    await until(() => identity.tokenRequests === 1, 'a token is requested');
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(body.destroyed).toBe(true);
  });

  test('fails with the error of a stream that breaks while the token is waited for', async () => {
    const { identity, api } = world;
    identity.fail('hanging');
    const body = new PassThrough();
    const answer = request(`${api.origin}/orders`, { dispatcher: attach(), method: 'POST', body });
    await until(() => identity.tokenRequests === 1, 'a token is requested');
    body.destroy(new Error('the disk is full'));
    await Promise.all([
      expect(answer).rejects.toThrow('the disk is full'),
      new Promise<void>((resolve) => {
        setImmediate(() => resolve(identity.recover()));
      }),
    ]);
    expect(api.requests).toEqual([]);
  });

  test('that uploads a stream renews the token for the next one', async () => {
    const { api } = world;
    const source = sourceOf('first', 'second');
    const dispatcher = attach(source);
    api.respond = ({ authorization }) => (authorization === 'Bearer second' ? {} : unauthorized());
    const upload = async (): Promise<number> => {
      const body = Readable.from(['a']);
      const answer = await request(`${api.origin}/orders`, { dispatcher, method: 'POST', body });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect([await upload(), await upload()]).toEqual([401, 200]);
  });

  test('carries one token, and is replayed once, where the dispatcher is attached twice', async () => {
    const { api, identity } = world;
    const source = world.source();
    const origins = [api.origin];
    const dispatcher = bearerAuth(bearerAuth(open(new Agent()), source, { origins }), source, { origins });
    api.next(unauthorized());
    const { statusCode, body } = await request(`${api.origin}/orders`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(200);
    expect(api.requests).toHaveLength(2);
    expect(identity.tokenRequests).toBe(2);
  });

  test('carries the token of its origin where two sources are attached for two', async () => {
    const { api, foreign } = world;
    const [one, two] = [sourceOf('one', 'one-again'), sourceOf('two', 'two-again')];
    const inner = bearerAuth(open(new Agent()), one, { origins: [api.origin] });
    const dispatcher = bearerAuth(inner, two, { origins: [foreign.origin] });
    for (const server of [api, foreign]) {
      server.refuse = () => undefined;
      server.next(unauthorized());
      await (await request(`${server.origin}/orders`, { dispatcher })).body.dump();
    }
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(['Bearer one', 'Bearer one-again']);
    expect(foreign.requests.map(({ authorization }) => authorization)).toEqual(['Bearer two', 'Bearer two-again']);
  });
});
