import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { Connection } from '../src/connection.ts';

const refuses = async (): Promise<never> => {
  throw new Error('the client is closed');
};

/** A client that runs no script, but says what it was given. */
class FakeClient extends EventEmitter {
  isOpen = true;
  isReady = true;
  eval = async (...given: unknown[]): Promise<unknown> => given;
}

test('a client of redis is given the script as it wants it', async () => {
  const connection = new Connection(new FakeClient(), 100);
  expect(await connection.run('return 1', 'key', 'a', 'b')).toEqual([
    'return 1',
    { keys: ['key'], arguments: ['a', 'b'] },
  ]);
});

test('a client of ioredis is given the script as it wants it', async () => {
  const client = Object.assign(new FakeClient(), { status: 'ready', defineCommand: () => {} });
  expect(await new Connection(client, 100).run('return 1', 'key', 'a', 'b')).toEqual(['return 1', 1, 'key', 'a', 'b']);
});

test.each([
  ['redis', { isReady: false }, { isReady: true }],
  ['ioredis', { status: 'reconnecting', defineCommand: () => {} }, { status: 'ready' }],
])('a client of %s that is not connected yet is waited for', async (_, before, after) => {
  const client = Object.assign(new FakeClient(), before);
  client.eval = async () => Object.fromEntries(Object.entries(client));
  const ran = new Connection(client, 60_000).run('return 1', 'key');
  setTimeout(() => Object.assign(client, after).emit('ready'), 20);
  expect(await ran).toMatchObject(after);
});

test('a client that says nothing when it is connected, as a cluster and sentinels do, is waited for', async () => {
  const client = Object.assign(new FakeClient(), { isReady: false });
  const ran = new Connection(client, 60_000).run('return 1', 'key');
  setTimeout(() => (client.isReady = true), 20);
  expect(await ran).toBeDefined();
});

test.each([
  ['OOM', new Error("OOM command not allowed when used memory > 'maxmemory'. script: 1")],
  ['ECONNRESET', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
])('an error reply has the code %s', async (code, error) => {
  const client = Object.assign(new FakeClient(), { eval: () => Promise.reject(error) });
  await expect(new Connection(client, 100).run('return 1', 'key')).rejects.toMatchObject({ code });
});

test('an error reply says no more than its code', async () => {
  const error = new Error('READONLY You can’t write s3cret');
  const client = Object.assign(new FakeClient(), { eval: () => Promise.reject(error) });
  const failure: unknown = await new Connection(client, 100).run('return 1', 'key').catch((reason: unknown) => reason);
  expect(failure).toEqual(Object.assign(new Error('Redis refused the command'), { code: 'READONLY' }));
});

test.each([
  new Error('Socket closed unexpectedly'),
  new Error('the server is OOM now'),
  Object.assign(new Error('READONLY'), { code: 'EXECABORT' }),
  undefined,
  null,
  'OOM',
])('an error that is no reply is left as it is: %p', async (thrown) => {
  const client = Object.assign(new FakeClient(), { eval: () => Promise.reject(thrown as Error) });
  const failure: unknown = await new Connection(client, 100).run('return 1', 'key').catch((reason: unknown) => reason);
  expect(failure).toBe(thrown);
});

test('a client that stays away is sent nothing, not even later', async () => {
  let sent = 0;
  const client = Object.assign(new FakeClient(), { isReady: false, eval: async () => sent++ });
  await expect(new Connection(client, 20).run('return 1', 'key')).rejects.toThrow('no connection');
  expect(client.listenerCount('ready')).toBe(0);
  client.emit('ready');
  expect(sent).toBe(0);
});

test.each([
  ['redis', { isOpen: false, isReady: false }],
  ['ioredis', { status: 'end', defineCommand: () => {} }],
])('a client of %s that was closed says so itself, at once', async (_, state) => {
  const client = Object.assign(new FakeClient(), { ...state, eval: refuses });
  await expect(new Connection(client, 60_000).run('return 1', 'key')).rejects.toThrow('the client is closed');
});

test('the loss of a connection that nobody listens to does not end the process', () => {
  const client = new FakeClient();
  void new Connection(client, 100);
  expect(client.emit('error', new Error('connection lost'))).toBe(true);
});

test('a client that somebody listens to gets no listener more', () => {
  const client = new FakeClient();
  client.on('error', () => {});
  void new Connection(client, 100);
  expect([client.listenerCount('error'), client.eventNames()]).toEqual([1, ['error']]);
});
