import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

type Handler = Dispatcher.DispatchHandler;

/** A handler that keeps the names of its methods that are called. */
function recorder(seen: string[], end: () => void): Required<Handler> {
  const note = (name: string) => (): void => {
    seen.push(name);
    if (/End|Error|Upgrade/.test(name)) end();
  };
  return {
    onRequestStart: note('onRequestStart'),
    onRequestUpgrade: note('onRequestUpgrade'),
    onResponseStart: note('onResponseStart'),
    onResponseData: note('onResponseData'),
    onResponseEnd: note('onResponseEnd'),
    onResponseError: note('onResponseError'),
    onResponseStarted: note('onResponseStarted'),
    onBodySent: note('onBodySent'),
    onRequestSent: note('onRequestSent'),
  };
}

/** How a dispatcher refuses a request: whether it throws, and the error. */
async function refusalOf(dispatcher: Dispatcher, request: unknown, handler: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    const told = { onResponseError: (_: unknown, error: Error) => resolve(['told', error.name, error.message]) };
    const hasError = (handler as Handler | null | undefined)?.onResponseError !== undefined;
    try {
      dispatcher.dispatch(request as never, (hasError ? { ...(handler as Handler), ...told } : handler) as never);
    } catch (error) {
      resolve(['thrown', (error as Error).name, (error as Error).message]);
    }
  });
}

const method = (): void => {};
const whole: Handler = {
  onRequestStart: method,
  onResponseStart: method,
  onResponseData: method,
  onResponseEnd: method,
  onResponseError: method,
};

function without(name: keyof Handler): Handler {
  const handler = { ...whole };
  delete handler[name];
  return handler;
}

describe.each([newest, oldest])('the handler of a request to $adapter.name', ({ adapter, undici: library }) => {
  const { Agent, Client } = library;
  const world = useWorld(adapter);
  const open = useAgents();
  const attach = (dispatcher: Dispatcher = new Agent()): Dispatcher =>
    bearerAuth(open(dispatcher), world.source(), { origins: [world.api.origin] });

  test('is called for all that it is called for without a token', async () => {
    const { api } = world;
    const request = { origin: api.origin, path: '/download?bytes=10', method: 'POST', body: 'abc' } as const;
    const record = (dispatcher: Dispatcher): Promise<string[]> =>
      new Promise((resolve) => {
        const seen: string[] = [];
        dispatcher.dispatch(
          request,
          recorder(seen, () => resolve(seen)),
        );
      });
    api.respond = () => ({ body: 'abc' });
    const plain = await record(open(new Agent()));
    // The oldest tells a handler of this generation no more than its answer.
    const more = library === oldest.undici ? [] : ['onBodySent', 'onRequestSent', 'onResponseStarted'];
    expect(plain).toEqual(expect.arrayContaining(['onRequestStart', ...more]));
    expect(await record(attach())).toEqual(plain);
    // The first attempt is seen as far as it is sent.
    api.next(unauthorized());
    const sent = plain.slice(0, plain.indexOf('onResponseStart'));
    expect(await record(attach())).toEqual([...sent, ...plain]);
  });

  test.each([
    ['CacheHandler', '*'],
    ['CacheRevalidationHandler', '*'],
    ['MyCacheHandler', undefined],
    ['CacheHandlers', undefined],
    ['Cache-Handler', undefined],
    [undefined, undefined],
  ])('of the kind %s is told that an answer varies by %s', async (name, vary) => {
    const { api } = world;
    api.next({ headers: { 'x-trace': 'a' } });
    const headers = await new Promise((resolve, reject) => {
      const handler: Handler = Object.assign(Object.create(null) as Handler, whole);
      handler.onResponseStart = (_controller, _status, received) => resolve(received);
      handler.onResponseError = (_controller, error) => reject(error);
      if (name !== undefined) Object.assign(handler, { constructor: { name } });
      attach().dispatch({ origin: api.origin, path: '/orders', method: 'GET' }, handler);
    });
    expect(headers).toMatchObject({ 'x-trace': 'a' });
    expect((headers as { vary?: string }).vary).toBe(vary);
  });

  test.each<[string, object, unknown]>([
    ['that is none', {}, undefined],
    ['that is null', {}, null],
    ['that is text', {}, 'handler'],
    ['without a method', {}, {}],
    ['of another generation', {}, { onConnect: method, onHeaders: method, onData: method, onComplete: method }],
    ['without onRequestStart', {}, without('onRequestStart')],
    ['without onResponseError', {}, without('onResponseError')],
    ['without onResponseStart', {}, without('onResponseStart')],
    ['without onResponseData', {}, without('onResponseData')],
    ['without onResponseEnd', {}, without('onResponseEnd')],
    ['with an onBodySent that is no method', {}, { ...whole, onBodySent: 'abc' }],
    ['with an onRequestSent that is no method', {}, { ...whole, onRequestSent: 'abc' }],
    ['without onRequestUpgrade, for an upgrade', { upgrade: 'websocket' }, { ...whole }],
    ['without onRequestUpgrade, for CONNECT', { method: 'CONNECT', path: 'localhost:80' }, { ...whole }],
    ['of a request without a path', { path: undefined }, whole],
    ['of a request whose path is no path', { path: 'orders' }, whole],
    ['of a request whose path is a number', { path: 7 }, whole],
    ['of a request without a method', { method: undefined }, whole],
    ['of a request with headers that are text', { headers: 'a: b' }, whole],
    ['of a request with half a header', { headers: ['x-trace'] }, whole],
    ['of a request with a header that is an object', { headers: { 'x-trace': {} } }, whole],
    ['of a request with a body that is none', { body: 7 }, whole],
    ['of a request with a time-out that is none', { headersTimeout: 'long' }, whole],
  ])('%s is refused as it is without a token', async (_, options, handler) => {
    // The oldest looks at no more of a handler than that it is there.
    if (library === oldest.undici && handler !== whole) return;
    const request = { path: '/orders', method: 'GET', ...options };
    const plain = await refusalOf(open(new Client(world.api.origin)), request, handler);
    const attached = await refusalOf(attach(new Client(world.api.origin)), request, handler);
    expect(attached).toEqual(plain);
    expect(world.api.requests).toEqual([]);
  });

  test('of a request that is none is told so, as it is without a token', async () => {
    for (const request of [undefined, null, 'abc']) {
      const plain = await refusalOf(open(new Client(world.api.origin)), request, whole);
      expect(await refusalOf(attach(new Client(world.api.origin)), request, whole)).toEqual(plain);
    }
  });
});

describe.each([newest, oldest])('an upgrade by $adapter.name', ({ adapter, undici: library }) => {
  const world = useWorld(adapter);
  const open = useAgents();
  const server = createServer();
  const seen: (string | undefined)[] = [];
  server.on('upgrade', ({ headers }, socket: Duplex) => {
    seen.push(headers.authorization);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello');
  });
  beforeEach(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('carries the token, and gives the socket', async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dispatcher = bearerAuth(open(new library.Client(origin)), world.source());
    const { socket } = await dispatcher.upgrade({ path: '/', protocol: 'websocket' });
    const [data] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(data.toString()).toBe('hello');
    // It waits for no token any more.
    await dispatcher.close();
    expect(seen).toEqual([expect.stringMatching(/^Bearer ./)]);
    seen.length = 0;
  });
});
