import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, type Interceptor, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ApiServer, IdentityServer, redirect, unauthorized } from '@tokenline/adapter-tests';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';
import type { ClientTokenSource } from '@tokenline/core';
import type { Producer } from 'kafkajs';
import type { MqttClient } from 'mqtt';
import type { Transporter } from 'nodemailer';
import type { Pool } from 'pg';
import type { Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import { Page } from './page.ts';
import { echoService, startGrpc } from './servers/grpc.ts';
import { kafka } from './servers/kafka.ts';
import { type Accepts, LoginServer } from './servers/login-server.ts';
import { mqttBroker } from './servers/mqtt.ts';
import { postgres } from './servers/postgres.ts';
import { smtp, socketIo, webSockets } from './servers/real-servers.ts';

const page = new Page('clients/other-clients');
let identity: IdentityServer;
let source: ClientTokenSource;
/** What ends what a test started, the latest first. */
let endings: (() => unknown)[] = [];
/** The token requests of this test. */
let tokenRequests: () => number;

const accepts: Accepts = (token) => identity.accepts(token);

beforeAll(async () => {
  identity = await IdentityServer.start();
  Object.assign(process.env, { CLIENT_SECRET: identity.client.clientSecret, KAFKAJS_LOG_LEVEL: 'nothing' });
  Object.assign(process.env, { KAFKAJS_NO_PARTITIONER_WARNING: '1' });
});

beforeEach(() => {
  const before = identity.tokenRequests;
  tokenRequests = () => identity.tokenRequests - before;
});

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  jest.restoreAllMocks();
});

afterAll(() => Promise.all([identity.close(), page.remove()]));

/** Runs a recipe of the page beside its source, and gives what it declares by these names. */
async function run<T>(
  heading: string,
  names: readonly (keyof T)[],
  changes: Readonly<Record<string, string>>,
): Promise<T> {
  const modules = {
    'source.ts': page.recipe('Other clients'),
    'recipe.ts': `${page.recipe(heading)}export { ${names.join(', ')} };\n`,
  };
  const folder = await page.write(modules, { 'https://login.example.com': identity.issuer, ...changes });
  ({ source } = (await import(new URL('source.ts', folder).pathname)) as { source: ClientTokenSource });
  return (await import(new URL('recipe.ts', folder).pathname)) as T;
}

async function serve(build: Parameters<typeof LoginServer.start>[1]): Promise<LoginServer> {
  const server = await LoginServer.start(accepts, build);
  endings.push(() => server.close());
  return server;
}

/** Replaces the source's token, as its expiry would. */
async function replaceToken(): Promise<string> {
  const { value } = await source.getToken();
  return (await source.getToken({ rejected: value })).value;
}

const current = async (): Promise<string> => (await source.getToken()).value;

test('every recipe of the page is run', () => {
  const recipes = [
    'superagent',
    'needle',
    'node:https',
    'A client of your own',
    'ws',
    'socket.io',
    'MQTT',
    'PostgreSQL',
    'Kafka',
    'nodemailer',
    'gRPC',
  ];
  expect(page.headings).toEqual(['Other clients', ...recipes]);
});

const statusOf = ({ status: given, statusCode }: { status?: number; statusCode?: number }): number =>
  given ?? statusCode ?? 0;

describe.each([
  { heading: 'superagent', changes: {} },
  { heading: 'needle', changes: {} },
  { heading: 'node:https', changes: { "'node:https'": "'node:http'" } },
  { heading: 'A client of your own', changes: {} },
])('$heading', ({ heading, changes }) => {
  let api: ApiServer;
  let get: (path: string) => Promise<number>;

  const shown = (): string[] => api.requests.map(({ authorization = '' }) => authorization.replace('Bearer ', ''));

  beforeEach(async () => {
    api = await ApiServer.start({ accepts });
    endings.push(() => api.close());
    const all = { 'https://api.example.com': api.origin, ...changes };
    const recipe = await run<{ get: (path: string) => Promise<object> }>(heading, ['get'], all);
    // superagent rejects with a response where others resolve with one
    get = (path) =>
      recipe
        .get(path)
        .catch((error: object) => error)
        .then(statusOf);
  });

  test('one token serves all requests', async () => {
    expect(await Promise.all(Array.from({ length: 10 }, () => get('/orders')))).toEqual(Array(10).fill(200));
    expect(new Set(shown())).toEqual(new Set([await current()]));
    expect(tokenRequests()).toBe(1);
  });

  test('a refused request is sent once more, with a token that all share', async () => {
    await get('/orders');
    identity.revokeAll();
    expect(await Promise.all(Array.from({ length: 10 }, () => get('/orders')))).toEqual(Array(10).fill(200));
    expect(tokenRequests()).toBe(2);
  });

  test('the second 401 is for the caller', async () => {
    api.refuse = () => unauthorized();
    expect(await get('/orders')).toBe(401);
    expect(api.requests).toHaveLength(2);
  });

  test('the token does not go along to another origin', async () => {
    const other = await ApiServer.start({ accepts });
    endings.push(() => other.close());
    api.next(redirect(`${other.origin}/orders`));
    await get('/orders');
    const follows = heading === 'superagent';
    expect(other.requests.map(({ authorization }) => authorization)).toEqual(follows ? [undefined] : []);
    expect(tokenRequests()).toBe(1);
  });
});

describe('ws', () => {
  let server: LoginServer;
  let connect: () => Promise<WebSocket>;

  beforeEach(async () => {
    server = await serve(webSockets);
    ({ connect } = await run<{ connect: () => Promise<WebSocket> }>('ws', ['connect'], {
      'wss://api.example.com': `ws://127.0.0.1:${server.port}`,
    }));
  });

  async function echo(): Promise<string> {
    const socket = await connect();
    await once(socket, 'open');
    socket.send('hello');
    const [data] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    await once(socket, 'close');
    return String(data);
  }

  test('every attempt shows the token of its time', async () => {
    expect(await echo()).toBe('hello');
    const next = await replaceToken();
    expect(await echo()).toBe('hello');
    expect(server.shown).toEqual([expect.any(String), next]);
    expect(server.shown[0]).not.toBe(next);
  });

  test('the attempt after a refused one has a new token', async () => {
    await echo();
    identity.revokeAll();
    const socket = await connect();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await once(socket, 'error');
    await closed;
    expect(await echo()).toBe('hello');
    expect(tokenRequests()).toBe(2);
  });
});

describe('socket.io', () => {
  let server: LoginServer;
  let socket: Socket;

  beforeEach(async () => {
    server = await serve(socketIo);
    ({ socket } = await run<{ socket: Socket }>('socket.io', ['socket'], {
      'https://api.example.com': `http://127.0.0.1:${server.port}`,
      'auth: (': 'reconnectionDelay: 10, auth: (',
      '1_000': '10',
    }));
    endings.push(() => socket.disconnect());
  });

  const connected = async (): Promise<void> => {
    while (!socket.connected) await sleep(5);
  };
  const disconnect = async (): Promise<void> => {
    server.disconnect();
    while (socket.connected) await sleep(5);
  };

  test('every reconnection shows the token of its time', async () => {
    await connected();
    const next = await replaceToken();
    await disconnect();
    await connected();
    expect(server.shown).toEqual([expect.any(String), next]);
    expect(tokenRequests()).toBe(2);
  });

  test('a refused connection is followed by one with a new token', async () => {
    await connected();
    identity.revokeAll();
    await disconnect();
    await connected();
    expect(server.shown).toEqual([server.shown[0], server.shown[0], await current()]);
    expect(tokenRequests()).toBe(2);
  });

  test('without a token, socket.io tries again later', async () => {
    await connected();
    const getToken = jest.spyOn(source, 'getToken').mockRejectedValueOnce(new Error('no token'));
    await disconnect();
    await connected();
    expect(getToken).toHaveBeenCalledTimes(2);
    expect(server.shown).toHaveLength(2);
  });
});

describe('MQTT', () => {
  let broker: LoginServer;
  let client: MqttClient;

  async function start(options = ''): Promise<void> {
    broker = await serve(mqttBroker);
    ({ client } = await run<{ client: MqttClient }>('MQTT', ['client'], {
      'mqtts://broker.example.com': `mqtt://127.0.0.1:${broker.port}`,
      "username: 'orders'": `username: 'orders', reconnectPeriod: 10${options}`,
      'console.error': '() => {}',
    }));
    endings.push(() => client.endAsync(true));
    await connected();
  }

  const connected = async (): Promise<void> => {
    while (!client.connected) await sleep(5);
  };
  const disconnect = async (): Promise<void> => {
    broker.disconnect();
    while (client.connected) await sleep(5);
  };

  test('every reconnection shows the token of its time, and restores the subscriptions', async () => {
    await start();
    await client.subscribeAsync('orders');
    const next = await replaceToken();
    await disconnect();
    const received = new Promise<string>((resolve) => client.once('message', (_, message) => resolve(String(message))));
    await connected();
    await client.publishAsync('orders', 'hello', { qos: 1 });
    expect(await received).toBe('hello');
    expect(broker.shown).toEqual([expect.any(String), next]);
  });

  test.each([4, 5])('a refused connection is followed by one with a new token, in version %i', async (version) => {
    await start(`, protocolVersion: ${version}`);
    identity.revokeAll();
    await disconnect();
    await connected();
    expect(new Set(broker.shown)).toEqual(new Set([broker.shown[0], await current()]));
    expect(tokenRequests()).toBe(2);
  });

  test('without a new token, the client goes on with the one it has', async () => {
    await start();
    const getToken = jest.spyOn(source, 'getToken').mockRejectedValueOnce(new Error('no token'));
    await disconnect();
    await connected();
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(broker.shown).toEqual([broker.shown[0], broker.shown[0]]);
  });
});

describe('PostgreSQL', () => {
  let server: LoginServer;
  let pool: Pool;
  let refused: (error: { code?: string }) => never;

  beforeEach(async () => {
    server = await serve(postgres);
    const changes = { 'db.example.com': '127.0.0.1', 'ssl: true': `port: ${server.port}` };
    ({ pool, refused } = await run<{ pool: Pool; refused: typeof refused }>(
      'PostgreSQL',
      ['pool', 'refused'],
      changes,
    ));
    pool.on('error', () => {});
    endings.push(() => pool.end());
  });

  const query = async (): Promise<unknown[]> => (await pool.query('select 1').catch(refused)).rows;
  /** Loses the connections of the pool. */
  async function disconnect(): Promise<void> {
    server.disconnect();
    while (pool.totalCount > 0) await sleep(5);
  }

  test('every connection shows the token of its time', async () => {
    expect(await query()).toEqual([]);
    const next = await replaceToken();
    await disconnect();
    expect(await query()).toEqual([]);
    expect(server.shown).toEqual([expect.any(String), next]);
  });

  test('the query after a refused one has a new token', async () => {
    identity.revokeAll();
    await disconnect();
    await expect(query()).rejects.toMatchObject({ code: '28P01' });
    expect(await query()).toEqual([]);
    expect(server.shown).toEqual([server.shown[0], server.shown[0], await current()]);
    expect(tokenRequests()).toBe(2);
  });
});

describe('Kafka', () => {
  let broker: LoginServer;
  let producer: Producer;
  let refused: (error: Error) => never;

  beforeEach(async () => {
    // KafkaJS sets timers to negative delays, and Node 24 warns of them: https://github.com/tulios/kafkajs/issues/1751
    const { setTimeout: set } = globalThis;
    const positive = (callback: () => void, delay = 0): NodeJS.Timeout => set(callback, Math.max(1, delay));
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(positive);
    broker = await serve(kafka);
    ({ producer, refused } = await run<{ producer: Producer; refused: typeof refused }>(
      'Kafka',
      ['producer', 'refused'],
      {
        'kafka.example.com:9093': `127.0.0.1:${broker.port}`,
        'ssl: true': 'ssl: false',
      },
    ));
    endings.push(() => producer.disconnect());
  });

  async function reconnect(): Promise<void> {
    await producer.disconnect();
    await producer.connect().catch(refused);
  }

  test('every connection shows the token of its time', async () => {
    const next = await replaceToken();
    await reconnect();
    expect(broker.shown).toEqual([expect.any(String), next]);
  });

  test('the attempt after a refused one has a new token', async () => {
    identity.revokeAll();
    await expect(reconnect()).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
    await reconnect();
    expect(broker.shown).toEqual([broker.shown[0], broker.shown[0], await current()]);
    expect(tokenRequests()).toBe(2);
  });
});

describe('nodemailer', () => {
  let server: LoginServer;
  let transport: Transporter;

  beforeEach(async () => {
    server = await serve(smtp);
    ({ transport } = await run<{ transport: Transporter }>('nodemailer', ['transport'], {
      'smtp.example.com': '127.0.0.1',
      'port: 465, secure: true': `port: ${server.port}, secure: false`,
    }));
  });

  const send = (): Promise<unknown> =>
    transport.sendMail({ from: 'orders@example.com', to: 'you@example.com', text: 'hello' });

  test('every connection shows the token of its time', async () => {
    await send();
    const next = await replaceToken();
    await send();
    expect(server.shown).toEqual([expect.any(String), next]);
  });

  test('a refused login is tried once more, with a new token', async () => {
    await send();
    identity.revokeAll();
    await send();
    expect(server.shown).toEqual([server.shown[0], server.shown[0], await current()]);
    expect(tokenRequests()).toBe(2);
  });

  test('a token that cannot be had is an error of the mail', async () => {
    jest.spyOn(source, 'getToken').mockRejectedValueOnce(new Error('no token'));
    await expect(send()).rejects.toThrow('no token');
    expect(server.shown).toEqual([]);
  });
});

describe('gRPC', () => {
  let shown: string[];
  let echo: (text: string) => Promise<string>;

  beforeEach(async () => {
    const authority = await privateAuthority();
    const server = await startGrpc(await authority.issue('localhost'), accepts);
    endings.push(() => server.close());
    ({ shown } = server);
    const { bearer } = await run<{ bearer: Interceptor }>('gRPC', ['bearer'], {});
    const Orders = makeGenericClientConstructor(echoService, 'Orders');
    const channel = credentials.createSsl(Buffer.from(authority.ca));
    const client = new Orders(`localhost:${server.port}`, channel, { interceptors: [bearer] });
    endings.push(() => client.close());
    echo = (text) =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, answer: Buffer): void => (error ? reject(error) : resolve(String(answer)));
        client['echo']?.(Buffer.from(text), done);
      });
  });

  test('one token serves all calls', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map(echo))).toEqual(['a', 'b', 'c']);
    expect(new Set(shown)).toEqual(new Set([await current()]));
    expect(tokenRequests()).toBe(1);
  });

  test('the call after a refused one has a new token', async () => {
    await echo('hello');
    identity.revokeAll();
    await expect(echo('hello')).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await echo('hello')).toBe('hello');
    expect(shown).toEqual([shown[0], shown[0], await current()]);
    expect(tokenRequests()).toBe(2);
  });

  test('a token that cannot be had is an error of the call', async () => {
    jest.spyOn(source, 'getToken').mockRejectedValueOnce(new Error('no token'));
    await expect(echo('hello')).rejects.toThrow('no token');
    expect(shown).toEqual([]);
  });
});
