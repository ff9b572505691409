import { Agent, createServer } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { close, endless, listen, redirect, unauthorized, unending } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosInstance } from 'axios';
import oldest from 'axios-oldest';
import { axiosAdapter } from './driver.ts';

type Found = (error: null, addresses: object[]) => void;
const lookUpLoopback = (_: string, __: object, done: Found): void => done(null, [{ address: '127.0.0.1', family: 4 }]);

describe('bearerAuth with axios over http alone', () => {
  const world = useWorld(axiosAdapter(axios));

  test('a redirect to a subdomain loses the token without an event, and the user’s own beforeRedirect is called', async () => {
    const { api } = world;
    const httpAgent = new Agent({ lookup: lookUpLoopback } as object);
    const origin = api.origin.replace('127.0.0.1', 'localhost');
    let hops = 0;
    const beforeRedirect = (): void => {
      hops++;
    };
    const passed: unknown[] = [];
    const source = world.source({ onEvent: (event) => event.type === 'passed' && passed.push(event) });
    const client = bearerAuth(axios.create({ baseURL: origin, httpAgent, beforeRedirect }), source);
    api.next(redirect(`${origin.replace('localhost', 'files.localhost')}/landing`), {});
    await client.get('/orders');
    expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/landing', authorization: undefined }]);
    expect([hops, passed]).toEqual([1, []]);
  });

  test.each(['http://localhost', 'http://[::1]:1'])('a redirect within %s loses no header', async (baseURL) => {
    const { api } = world;
    const { hostname, port } = new URL(api.origin);
    const httpAgent = Object.assign(new Agent(), { createConnection: () => connect(Number(port), hostname) });
    api.next(redirect('/landing?next=https://example.com'), {});
    const client = bearerAuth(axios.create({ baseURL, httpAgent }), sourceOf('a'));
    await client.get('/orders', { headers: { 'x-trace': 'a' } });
    expect(api.requests[1]).toMatchObject({
      url: '/landing?next=https://example.com',
      headers: { authorization: 'Bearer a', 'x-trace': 'a' },
    });
  });

  test('a redirect is judged by where the user’s own beforeRedirect leads it', async () => {
    const { api, foreign } = world;
    const { port } = new URL(foreign.origin);
    const beforeRedirect = (hop: Record<string, unknown>): void => {
      hop['port'] = port;
    };
    api.next(redirect('/landing'));
    foreign.next({});
    await bearerAuth(axios.create({ baseURL: api.origin, beforeRedirect }), world.source()).get('/orders');
    expect(foreign.requests).toMatchObject([{ url: '/landing', authorization: undefined }]);

    api.next(redirect('http://127.0.0.1:1/landing'));
    const client = axios.create({ baseURL: foreign.origin, beforeRedirect });
    bearerAuth(client, world.source(), { origins: [api.origin] });
    expect(await client.get(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(foreign.requests[1]).toMatchObject({ authorization: expect.stringMatching(/^Bearer /) });
  });

  test('an Authorization that the user’s own beforeRedirect sets or removes stays so', async () => {
    const { api } = world;
    api.respond = ({ url }) => (url === '/home' ? {} : redirect(url === '/orders' ? '/landing' : '/home'));
    for (const own of ['Basic eDp5', undefined]) {
      const beforeRedirect = ({ path, headers }: { path: string; headers: Record<string, unknown> }): void => {
        if (own && path === '/home') return;
        delete headers['authorization'];
        if (own) headers['Authorization'] = own;
      };
      const client = axios.create({ baseURL: api.origin, beforeRedirect: beforeRedirect as never });
      await bearerAuth(client, world.source()).get('/orders');
      expect(api.requests.slice(-2)).toMatchObject([
        { url: '/landing', authorization: own },
        { url: '/home', authorization: own },
      ]);
    }
  });

  test('a redirect through a proxy is judged by its own URL', async () => {
    const { api, foreign } = world;
    const { hostname: host, port } = new URL(api.origin);
    const proxy = { protocol: 'http', host, port: Number(port) };
    api.next(redirect('/landing'), redirect(`${foreign.origin}/landing`), {});
    const client = axios.create({ baseURL: 'http://localhost:1', proxy });
    await bearerAuth(client, world.source()).get('/orders');
    const seen = api.requests.map(({ url, authorization }) => [url, authorization !== undefined]);
    expect(seen).toEqual([
      ['http://localhost:1/orders', true],
      ['http://localhost:1/landing', true],
      [`${foreign.origin}/landing`, false],
    ]);
  });

  test('a proxy only tunnels what is meant for https', async () => {
    const tunnels: unknown[] = [];
    const server = createServer();
    server.on('connect', ({ url, headers }, socket) => {
      tunnels.push([url, headers.authorization]);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const { hostname: host, port } = new URL(await listen(server));
    const proxy = { protocol: 'http', host, port: Number(port) };
    const client = bearerAuth(axios.create({ baseURL: 'https://api.example.com', proxy }), world.source());
    await expect(client.get('/orders')).rejects.toMatchObject({ status: 502 });
    expect(tunnels).toEqual([['api.example.com:443', undefined]]);
    await close(server);
  });

  test('an upload without an end is not collected where redirects are off', async () => {
    const upload = Readable.from(endless());
    world.api.next(unauthorized(undefined, { early: true }));
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, maxRedirects: 0 }), world.source());
    await expect(client.post('/orders', upload)).rejects.toMatchObject({ status: 401 });
    upload.destroy();
  });

  test.each(Object.entries(unending))('a stream that is refused and %s gives its only socket back', async (_, body) => {
    const { api } = world;
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    const client = axios.create({ baseURL: api.origin, httpAgent, responseType: 'stream' });
    api.next(unauthorized(undefined, { body: body() }));
    const { data } = await bearerAuth(client, world.source()).get<Readable>('/orders');
    expect(await json(data)).toMatchObject({ url: '/orders' });
    expect(api.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    httpAgent.destroy();
  });

  test('an instance of another copy of axios works too', async () => {
    const client = oldest.create({ baseURL: world.api.origin }) as unknown as AxiosInstance;
    world.api.next(unauthorized());
    const { status, headers } = await bearerAuth(client, world.source()).get('/orders');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
  });
});
