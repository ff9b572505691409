import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Program } from '../run/program.ts';
import { ordinaryWorld } from '../run/world.ts';
import { credentialsIn, start } from './example.ts';

let world: Awaited<ReturnType<typeof ordinaryWorld>>;
let service: Program;
let url: string;

beforeAll(async () => {
  world = await ordinaryWorld();
  service = start('express-axios', world);
  url = await service.wrote(/http:\S+/);
});

afterAll(async () => {
  await service.stop();
  await world[Symbol.asyncDispose]();
});

test('requests that arrive together cost one token request', async () => {
  const responses = await Promise.all(Array.from({ length: 50 }, (_, id) => fetch(`${url}/orders/${id}`)));
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await responses[7]?.json()).toMatchObject({ path: '/orders/7' });
  expect(world.api.requests).toHaveLength(50);
  expect(world.api.requests.every(({ headers }) => headers.authorization?.startsWith('Bearer'))).toBe(true);
  expect(world.identity.tokenRequests).toHaveLength(1);
});

test('nobody notices that a token was revoked', async () => {
  world.identity.revokeAll();
  expect((await fetch(`${url}/orders/1`)).status).toBe(200);
  expect(world.identity.tokenRequests).toHaveLength(2);
});

test('an API that fails is a 502, and the log has no token', async () => {
  world.api.failNext();
  expect((await fetch(`${url}/orders/1`)).status).toBe(502);
  expect(service.output).toContain('/orders/1: Request failed with status code 503');
  expect(credentialsIn(service.output, world)).toEqual([]);
});

test('it ends when it is told to', async () => {
  expect(await service.stop()).toEqual({ status: 0, signal: null });
});
