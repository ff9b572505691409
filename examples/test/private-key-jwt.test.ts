import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Program } from '../run/program.ts';
import { type PrivateKeyJwtWorld, privateKeyJwtWorld } from '../run/private-key-jwt-world.ts';
import { credentialsIn, start } from './example.ts';

let world: PrivateKeyJwtWorld;
let service: Program;
let url: string;

beforeAll(async () => {
  world = await privateKeyJwtWorld();
  service = start('private-key-jwt', world);
  url = await service.wrote(/http:\S+/);
  await learn();
});

afterAll(async () => {
  await service.stop();
  await world[Symbol.asyncDispose]();
});

const learn = (): Promise<void> => world.learn(`${url}/jwks.json`);
const order = async (): Promise<number> => (await fetch(`${url}/orders/1`)).status;
/** Whether a request that needs another token gets one. */
const renewed = (): Promise<number> => {
  world.identity.revokeAll();
  return order();
};

test('no request fails while the key is rotated', async () => {
  const statuses: number[] = [];
  const rotated = new AbortController();
  const traffic = (async () => {
    while (!rotated.signal.aborted) statuses.push(await order());
  })();
  try {
    expect(await renewed()).toBe(200);
    await world.writeKeys('second', 'first');
    service.signal('SIGHUP');
    await service.wrote(/the key second is of no use yet: .*invalid_client/);
    expect(await renewed()).toBe(200);

    await learn();
    service.signal('SIGHUP');
    await service.wrote(/the key second is in use/);
    await world.writeKeys('second');
    await learn();
    expect(await renewed()).toBe(200);
  } finally {
    rotated.abort();
    await traffic;
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(world.identity.tokenRequests.filter(({ status }) => status !== 200)).toHaveLength(1);
});

test('nobody gets to see a private key', async () => {
  const { keys } = (await (await fetch(`${url}/jwks.json`)).json()) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([['crv', 'kid', 'kty', 'use', 'x', 'y']]);
  const [key] = (JSON.parse(readFileSync(world.env.KEYS_FILE ?? '', 'utf8')) as { keys: [{ d: string }] }).keys;
  expect(service.output).not.toContain(key.d);
  expect(credentialsIn(service.output, world)).toEqual([]);
  expect(world.identity.tokenRequests.every(({ form }) => form.client_assertion === '[redacted]')).toBe(true);
});

test('it ends when it is told to', async () => {
  expect(await service.stop()).toEqual({ status: 0, signal: null });
});
