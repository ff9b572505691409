import { Agent as HttpAgent, type RequestListener } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { format, inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { close } from '@tokenline/adapter-tests';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosAdapter, type AxiosError, type AxiosInstance, type CreateAxiosDefaults } from 'axios';

const token = 'Vb4Tn8Rm';
const shows: Record<string, (value: unknown) => string> = {
  'at depth': (value) => inspect(value, { depth: 8, showHidden: true }),
  'in a format': (value) => format('%o', value),
  'as JSON': (value) => JSON.stringify(value),
};

/** Called when a request has arrived that gets no answer. */
let arrived = (): void => {};

/** Answers with the status that is the path, or not at all. */
const answer: RequestListener = ({ url = '' }, response) => {
  response.statusCode = Number(url.slice(1));
  if (response.statusCode < 600) response.end('ok');
  else arrived();
};

let server: Server;
let ca: string;
beforeAll(async () => {
  const authority = await privateAuthority();
  ({ ca } = authority);
  server = createServer(await authority.issue('localhost'), answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
});
afterAll(() => close(server));

describe.each<[string, CreateAxiosDefaults]>([
  ['a text', {}],
  ['a stream', { responseType: 'stream' }],
  ['a stream without redirects', { responseType: 'stream', maxRedirects: 0 }],
])('a request for %s over https, while another is under way on the same agent,', (_, options) => {
  const attach = (httpsAgent: Agent): AxiosInstance => {
    const baseURL = `https://localhost:${(server.address() as AddressInfo).port}`;
    return bearerAuth(axios.create({ baseURL, httpsAgent, ...options }), sourceOf(token));
  };

  test.each([200, 404])('shows no token where it is printed: %d', async (status) => {
    const httpsAgent = new Agent({ keepAlive: true, ca });
    const client = attach(httpsAgent);
    const controller = new AbortController();
    const underWay = new Promise<void>((resolve) => (arrived = resolve));
    const other = client.get('/999', { signal: controller.signal }).catch((error: AxiosError) => error);
    // Before that, its socket may not be connected, which then shows with its hidden properties what it is to send.
    await underWay;
    const first = await client.get<Readable>(`/${status}`).catch((error: AxiosError) => error);
    controller.abort();
    for (const value of [first, httpsAgent, await other]) {
      for (const [how, show] of Object.entries(shows)) {
        if (how === 'as JSON' && !(value instanceof Error)) continue;
        expect([how, show(value).includes(token)]).toEqual([how, false]);
      }
    }
    httpsAgent.destroy();
  });

  test('goes through the agent that the user gave, whose config it shows', async () => {
    const httpsAgent = new Agent({ keepAlive: true, ca });
    const client = attach(httpsAgent);
    const { config } = await client.get('/200');
    expect(config.httpsAgent).toBe(httpsAgent);
    expect(Object.keys(httpsAgent.sockets).length + Object.keys(httpsAgent.freeSockets).length).toBe(1);
    httpsAgent.destroy();
  });
});

test('axios sees the same agent in each request, so that it keeps one tunnel for it', async () => {
  const seen: unknown[] = [];
  const adapter: AxiosAdapter = async (config) => {
    seen.push(config.httpsAgent);
    return { status: 200, statusText: '', headers: {}, data: '', config };
  };
  const httpsAgent = new Agent();
  const client = bearerAuth(axios.create({ baseURL: 'https://api.example.com', httpsAgent, adapter }), sourceOf(token));
  for (const _ of [1, 2]) await client.get('/orders');
  expect(seen[0]).toBeInstanceOf(Agent);
  expect(seen[1]).toBe(seen[0]);
});

test('a request that reaches nobody shows no token either', async () => {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const client = bearerAuth(axios.create({ baseURL: 'http://127.0.0.1:1', httpAgent }), sourceOf(token));
  const seen: string[] = [];
  client.interceptors.response.use(undefined, (error: AxiosError) => {
    seen.push(JSON.stringify(error), inspect(error, { depth: 8 }), inspect(httpAgent, { depth: 8 }));
  });
  await client.get('/orders');
  expect(seen.map((text) => text.includes(token))).toEqual([false, false, false]);
});
