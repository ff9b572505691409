import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Answer, endless, unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, createTokenSource, type TokenSource } from '@tokenline/undici';
import type * as undici from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

/** A body that never ends, and never says much. */
async function* dripping(): AsyncGenerator<string> {
  for (;;) {
    yield '.';
    await sleep(20);
  }
}

/** A source that has but one token, which is refused. */
const stubborn = (): TokenSource => sourceOf('only');

function refuse(): never {
  throw new Error('the factory wants no 401');
}

describe.each([newest, oldest])(
  'an answer that refuses the token, with $adapter.name',
  ({ adapter, undici: library }) => {
    const { Agent, Client, interceptors, Pool, fetch, request } = library;
    const world = useWorld(adapter);
    const open = useAgents();
    const one = { connections: 1 };

    test.each<[string, () => NonNullable<Answer['body']>]>([
      ['is short', () => '{}'],
      ['is 400 kB long', () => 'x'.repeat(400_000)],
      ['has no end', dripping],
    ])('gives its connection free before the token is renewed: one that %s', async (_, body) => {
      const { api } = world;
      let issued = 0;
      api.respond = ({ url, authorization }): Answer | undefined => {
        if (url === '/token')
          return {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ access_token: `token-${++issued}`, token_type: 'Bearer', expires_in: 3_600 }),
          };
        return authorization === 'Bearer token-2' ? {} : unauthorized('Bearer', { body: body() });
      };
      // Everything goes through one connection, as it does after setGlobalDispatcher.
      const agent = open(new Agent(one));
      const source = createTokenSource({
        tokenEndpoint: `${api.origin}/token`,
        clientId: 'orders',
        clientSecret: 'secret',
        patience: 0,
        timeout: 3_000,
        fetch: (url, init) => fetch(url, { ...init, dispatcher }),
      });
      const dispatcher: undici.Dispatcher = bearerAuth(agent, source, { origins: [api.origin] });
      const answer = await request(`${api.origin}/orders`, { dispatcher });
      await answer.body.dump();
      expect(answer.statusCode).toBe(200);
      expect(api.requests.map(({ url }) => url)).toEqual(['/token', '/orders', '/token', '/orders']);
    });

    test.each<[string, () => Iterable<string> | AsyncIterable<string>]>([
      ['has no end', endless],
      ['drips', dripping],
    ])('and %s is given up: a Client or a Pool of one connection goes on', async (_, body) => {
      const { api } = world;
      for (const plain of [open(new Client(api.origin)), open(new Pool(api.origin, one))]) {
        api.next(unauthorized(undefined, { body: body() }));
        const dispatcher = bearerAuth(plain, world.source());
        const answer = await dispatcher.request({ method: 'GET', path: '/orders' });
        await answer.body.dump();
        expect(answer.statusCode).toBe(200);
      }
    });

    test('is handed over as it came where there is no other token', async () => {
      const { api } = world;
      const text = 'no'.repeat(200_000);
      api.next(unauthorized('Bearer', { body: text, headers: { 'x-trace': 'a' } }));
      const dispatcher = bearerAuth(open(new Agent()), stubborn(), { origins: [api.origin] });
      const answer = await request(`${api.origin}/orders`, { dispatcher, highWaterMark: 1_024 });
      expect(answer).toMatchObject({ statusCode: 401, headers: { 'x-trace': 'a' } });
      expect(await answer.body.text()).toBe(text);
      expect(api.requests).toHaveLength(1);
    });

    test('is handed over with an error in place of what was not read', async () => {
      const { api } = world;
      api.next(unauthorized(undefined, { body: endless() }));
      const dispatcher = bearerAuth(open(new Agent()), stubborn(), { origins: [api.origin] });
      const answer = await request(`${api.origin}/orders`, { dispatcher });
      expect(answer.statusCode).toBe(401);
      let received = 0;
      const read = async (): Promise<void> => {
        for await (const chunk of answer.body) received += (chunk as Buffer).length;
      };
      await expect(read()).rejects.toThrow('the rest of the answer that refused the token was not read');
      expect(received).toBeGreaterThan(900_000);
    });

    test('is handed over at the pace of its reader, who may leave', async () => {
      const { api } = world;
      api.next(unauthorized(undefined, { body: 'x'.repeat(500_000) }));
      const seen: string[] = [];
      await new Promise<void>((resolve) => {
        const dispatcher = bearerAuth(open(new Agent()), stubborn(), { origins: [api.origin] });
        dispatcher.dispatch(
          { origin: api.origin, path: '/orders', method: 'GET' },
          {
            onRequestStart() {},
            onResponseStart(controller, status) {
              seen.push(String(status));
              controller.pause();
              setTimeout(() => {
                seen.push('resumed');
                controller.resume();
              }, 20);
            },
            onResponseData(controller) {
              seen.push('data');
              controller.abort(new Error('enough'));
            },
            onResponseEnd() {},
            onResponseError(controller, error) {
              seen.push(error.message, String(controller.aborted));
              resolve();
            },
          },
        );
      });
      expect(seen).toEqual(['401', 'resumed', 'data', 'enough', 'true']);
    });

    test('is not followed by an error where its handler aborts it at its end', async () => {
      const { api } = world;
      api.next(unauthorized());
      const heard: string[] = [];
      const dispatcher = bearerAuth(open(new Agent()), stubborn(), { origins: [api.origin] });
      await new Promise<void>((resolve) => {
        dispatcher.dispatch(
          { origin: api.origin, path: '/orders', method: 'GET' },
          {
            onRequestStart() {},
            onResponseStart: (_, status) => void heard.push(String(status)),
            onResponseData() {},
            onResponseEnd(controller) {
              heard.push('end');
              setImmediate(() => {
                controller.abort(new Error('too late'));
                resolve();
              });
            },
            onResponseError: (_, error) => void heard.push(error.message),
          },
        );
      });
      expect(heard).toEqual(['401', 'end']);
    });

    test('ends with the signal of a request that nobody else watches', async () => {
      const { api } = world;
      api.next(unauthorized());
      const leaving = new AbortController();
      const reason = new Error('enough');
      const source: TokenSource = {
        async getToken(options) {
          if (!options?.rejected) return { value: 'token-1' };
          leaving.abort(reason);
          return new Promise(() => {});
        },
      };
      const dispatcher = bearerAuth(open(new Agent()), source, { origins: [api.origin] });
      const failed = new Promise((resolve, reject) => {
        const options = { origin: api.origin, path: '/orders', method: 'GET', signal: leaving.signal } as const;
        dispatcher.dispatch(options, {
          onRequestStart() {},
          onResponseStart: () => reject(new Error('there is no answer')),
          onResponseData() {},
          onResponseEnd() {},
          onResponseError: (_, error) => resolve(error),
        });
      });
      expect(await failed).toBe(reason);
    });

    test('is not sent again by a request that is aborted while it waits for a connection', async () => {
      const { api } = world;
      const dispatcher = bearerAuth(open(new Client(api.origin)), world.source());
      let give: (() => void) | undefined;
      api.next(unauthorized(), { after: new Promise<void>((resolve) => (give = resolve)) });
      let abort: ((reason: Error) => void) | undefined;
      const heard: unknown[] = [];
      const failed = new Promise<void>((resolve) => {
        dispatcher.dispatch(
          { path: '/orders', method: 'GET' },
          {
            onRequestStart(controller) {
              heard.push('start');
              abort = (reason) => controller.abort(reason);
            },
            onResponseStart: () => void heard.push('answer'),
            onResponseData() {},
            onResponseEnd() {},
            onResponseError(_, error) {
              heard.push(error.message);
              resolve();
            },
          },
        );
      });
      const other = dispatcher.request({ method: 'GET', path: '/other' });
      while (api.requests.length < 2) await sleep(1);
      // By then, the first request waits for the connection of the other.
      await sleep(50);
      abort?.(new Error('enough'));
      await failed;
      give?.();
      await (await other).body.dump();
      await (await dispatcher.request({ method: 'GET', path: '/last' })).body.dump();
      expect(heard).toEqual(['start', 'enough']);
      expect(api.requests.map(({ url }) => url)).toEqual(['/orders', '/other', '/last']);
    });

    test('ends with the request that is aborted while the token is renewed', async () => {
      const { api, identity } = world;
      const dispatcher = bearerAuth(open(new Agent()), world.source(), { origins: [api.origin] });
      await (await request(`${api.origin}/orders`, { dispatcher })).body.dump();
      identity.fail('hanging');
      api.next(unauthorized());
      const controller = new AbortController();
      const reason = new Error('enough');
      const answer = request(`${api.origin}/orders`, { dispatcher, signal: controller.signal });
      while (identity.tokenRequests < 2) await sleep(1);
      controller.abort(reason);
      await expect(answer).rejects.toBe(reason);
      expect(api.requests).toHaveLength(2);
    });

    test('ends with the request whose handler aborts it while the token is renewed', async () => {
      const { api, identity } = world;
      const dispatcher = bearerAuth(open(new Agent()), world.source(), { origins: [api.origin] });
      await (await request(`${api.origin}/orders`, { dispatcher })).body.dump();
      identity.fail('hanging');
      api.next(unauthorized());
      let abort: ((reason: Error) => void) | undefined;
      const failed = new Promise<Error>((resolve, reject) => {
        dispatcher.dispatch(
          { origin: api.origin, path: '/orders', method: 'GET' },
          {
            onRequestStart(controller) {
              abort = (reason) => controller.abort(reason);
            },
            onResponseStart: () => reject(new Error('there is no answer')),
            onResponseData() {},
            onResponseEnd() {},
            onResponseError: (_, error) => resolve(error),
          },
        );
      });
      while (identity.tokenRequests < 2) await sleep(1);
      const reason = new Error('enough');
      abort?.(reason);
      expect(await failed).toBe(reason);
      identity.recover();
      await (await request(`${api.origin}/orders`, { dispatcher })).body.dump();
      expect(api.requests).toHaveLength(3);
    });

    test('that became an error in an interceptor below is recovered from as well', async () => {
      const { api } = world;
      const retry = { statusCodes: [401], maxRetries: 0, minTimeout: 1 };
      for (const below of [interceptors.responseError(), interceptors.retry(retry)]) {
        const dispatcher = bearerAuth(open(new Agent()).compose(below), world.source(), { origins: [api.origin] });
        api.next(unauthorized());
        const answer = await request(`${api.origin}/orders`, { dispatcher });
        await answer.body.dump();
        expect(answer.statusCode).toBe(200);
        api.next(unauthorized('Basic'));
        await expect(request(`${api.origin}/orders`, { dispatcher })).rejects.toMatchObject({ statusCode: 401 });
      }
    });

    test('that became an error says why there is no other token', async () => {
      const { api } = world;
      const agent = open(new Agent()).compose(interceptors.responseError());
      const dispatcher = bearerAuth(agent, stubborn(), { origins: [api.origin] });
      await expect(request(`${api.origin}/orders`, { dispatcher })).rejects.toMatchObject({
        statusCode: 401,
        cause: { code: 'ERR_TOKEN_REJECTED' },
      });
    });

    test('is told to stream() and to pipeline() as undici tells it', async () => {
      const { api } = world;
      const dispatcher = bearerAuth(open(new Agent()), stubborn(), { origins: [api.origin] });
      const options = { origin: api.origin, path: '/orders', method: 'GET' } as const;
      await expect(dispatcher.stream(options, refuse)).rejects.toThrow('the factory wants no 401');
      const failed = new Promise((resolve) => {
        dispatcher.pipeline(options, refuse).on('error', resolve).end().resume();
      });
      expect(await failed).toMatchObject({ message: 'the factory wants no 401' });
    });
  },
);
