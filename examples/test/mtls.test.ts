import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mtlsFetch } from '@tokenline/undici/mtls-fetch';
import type { World } from '../run/world.ts';
import { type MtlsWorld, mtlsWorld } from '../run/mtls-world.ts';
import { start } from './example.ts';

let world: MtlsWorld;

beforeEach(async () => {
  world = await mtlsWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

const read = (file = ''): string => readFileSync(file, 'utf8');

/** How the API answers to somebody who has stolen a token. */
async function replay({ API_URL = '', CERT_FILE, KEY_FILE, CA_FILE }: World['env']): Promise<number> {
  const send = mtlsFetch({ cert: read(CERT_FILE), key: read(KEY_FILE), ca: read(CA_FILE) });
  const headers = { authorization: `Bearer ${world.seenToken()}` };
  return (await send(`${API_URL}/orders/1`, { headers })).status;
}

test('the certificate is enough for a token, which is good with that certificate only', async () => {
  const program = start('mtls', world);
  expect(await program.ended).toEqual({ status: 0, signal: null });
  expect(world.apis[0]?.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
    '/orders/1 200',
    '/orders/2 200',
    '/orders/3 200',
  ]);
  expect(world.identity.tokenRequests).toEqual([
    { clientId: 'orders', clientAuthentication: 'tls_client_auth', status: 200 },
  ]);
  expect(program.output).not.toContain(world.seenToken());
  expect(program.output).not.toContain('PRIVATE KEY');
  expect(await replay(world.env)).toBe(200);
  expect(await replay(await world.envOf('mallory'))).toBe(401);
});

test('another certificate of the same authority gets no token', async () => {
  const program = start('mtls', { env: await world.envOf('mallory') });
  expect(await program.ended).toEqual({ status: 1, signal: null });
  expect(program.output).toContain('invalid_client');
  expect(program.output).not.toContain('PRIVATE KEY');
  expect(world.apis[0]?.requests).toEqual([]);
});
