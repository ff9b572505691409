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
  const ran = new Connection(client, 1_000).run('return 1', 'key');
  setTimeout(() => Object.assign(client, after).emit('ready'), 20);
  expect(await ran).toBeDefined();
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
  [undefined, new Error('Socket closed unexpectedly')],
  [undefined, undefined],
])('an error reply has the code %s', async (code, error) => {
  const client = Object.assign(new FakeClient(), { eval: () => Promise.reject(error) });
  const failure: unknown = await new Connection(client, 100).run('return 1', 'key').catch((reason: unknown) => reason);
  expect((failure as { code?: unknown } | undefined)?.code).toBe(code);
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
