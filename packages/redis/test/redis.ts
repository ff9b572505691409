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

/** Says in one line what a machine without a Redis does not test. */
export function sayWhatIsLeftOut(what: string): void {
  if (server !== undefined) return;
  const left = hasRedis ? `what needs a Redis that can be stopped, of ${what}` : what;
  process.stderr.write(`left out, because there is no redis-server on the path: ${left}\n`);
}

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
