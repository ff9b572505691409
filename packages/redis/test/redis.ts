import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach } from '@jest/globals';
import { RedisServer } from '@tokenline/adapter-tests';
import { createClient } from 'redis';

/** A Redis for the tests of one file, if there is one. */
export const server: RedisServer | undefined = await RedisServer.start();
afterAll(() => server?.stop());

const { REDIS_URL } = process.env;
export const url: string = server?.url ?? REDIS_URL ?? '';
/** Whether there is one at all; where it is not ours, it cannot be stopped. */
export const hasRedis: boolean = url !== '';

/** The title of tests that need a Redis; where they are skipped, it says why. */
export const titleOf = (title: string, runs: boolean): string =>
  runs ? title : `${title} (there is no redis-server on the path)`;

export type NodeRedis = ReturnType<typeof createClient>;

const clients: NodeRedis[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) {
    if (client.isReady) await client.close();
    else client.destroy();
  }
});

/** A client of the newest `redis`, connected, for the length of a test. */
export async function connectClient(): Promise<NodeRedis> {
  const client: NodeRedis = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

export const newKey = (): string => randomBytes(32).toString('base64');
/** So that tests, and a Redis that has other users, do not meet. */
export const newPrefix = (): string => `tokenline-test:${randomUUID()}:`;
