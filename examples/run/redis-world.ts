import { randomBytes } from 'node:crypto';
import { RedisServer } from '@tokenline/adapter-tests';
import { type OrdinaryWorld, ordinaryWorld } from './world.ts';

/**
 * The ordinary, with a Redis for a fleet.
 *
 * @throws Error on a machine without `redis-server`.
 */
export async function redisWorld(): Promise<OrdinaryWorld & { readonly redis: RedisServer }> {
  const redis = await RedisServer.start();
  if (redis === undefined) throw new Error('There is no redis-server on the path.');
  const world = await ordinaryWorld();
  return {
    ...world,
    redis,
    env: { ...world.env, REDIS_URL: redis.url, TOKEN_KEY: randomBytes(32).toString('base64') },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await redis.stop();
    },
  };
}
