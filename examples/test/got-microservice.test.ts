import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Program } from '../run/program.ts';
import { redisWorld } from '../run/redis-world.ts';
import { ordinaryWorld } from '../run/world.ts';
import { credentialsIn, start, typeErrors } from './example.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const onRedis = hasRedis ? describe : describe.skip;

onRedis(`four processes${hasRedis ? '' : ' (there is no redis-server on the path)'}`, () => {
  let world: Awaited<ReturnType<typeof redisWorld>>;
  let service: Program;
  let url: string;

  beforeAll(async () => {
    world = await redisWorld();
    service = start('got-microservice', world);
    url = await service.wrote(/http:\S+/);
  });

  afterAll(async () => {
    await service.stop();
    await world[Symbol.asyncDispose]();
  });

  /** Asks for orders until each of the four processes has answered: every connection goes to the next one. */
  async function askAll(): Promise<void> {
    const answered = new Set<string | null>();
    while (answered.size < 4) {
      const response = await fetch(`${url}/orders/7`, { headers: { connection: 'close' } });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ path: '/orders/7' });
      answered.add(response.headers.get('x-process'));
    }
  }

  test('make one token request together', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, (_, id) => fetch(`${url}/orders/${id}`)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    await askAll();
    expect(world.api.requests.every(({ headers }) => headers.authorization?.startsWith('Bearer'))).toBe(true);
    expect(world.identity.tokenRequests).toHaveLength(1);
  });

  test('make one more after a revocation', async () => {
    world.identity.revokeAll();
    await askAll();
    expect(world.identity.tokenRequests).toHaveLength(2);
  });

  test('make one each while there is no Redis', async () => {
    await world.redis.stop();
    world.identity.revokeAll();
    await askAll();
    expect(world.identity.tokenRequests).toHaveLength(6);
    await service.wrote(/redis: /);
  });

  test('write no credential', () => {
    expect(credentialsIn(service.output, world)).toEqual([]);
    expect(service.output).not.toContain(world.env.TOKEN_KEY);
  });

  test('end when they are told to, with or without Redis', async () => {
    expect(await service.stop()).toEqual({ status: 0, signal: null });
  });
});

test('a service that starts without Redis answers', async () => {
  await using world = await ordinaryWorld();
  const env = { ...world.env, REDIS_URL: 'redis://localhost:1', TOKEN_KEY: randomBytes(32).toString('base64') };
  await using service = start('got-microservice', { env });
  const url = await service.wrote(/http:\S+/);
  expect((await fetch(`${url}/orders/7`)).status).toBe(200);
  expect(await service.stop()).toEqual({ status: 0, signal: null });
});

test('the types are right', async () => {
  expect(await typeErrors('got-microservice')).toBe('');
});
