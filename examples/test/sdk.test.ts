import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ordersWorld } from '../run/orders-world.ts';
import { credentialsIn, installed, start, typeErrors } from './example.ts';

test('credentials, a source and a client all send a token, and a client sends its own', async () => {
  await using world = await ordersWorld();
  const app = start('sdk', world);
  expect(await app.ended).toEqual({ status: 0, signal: null });
  for (const access of ['credentials', 'a source', 'a client']) expect(app.output).toContain(`${access}: a kettle`);
  const requests = world.api.requests.map(({ method, status, headers }) => [method, status, headers.authorization]);
  const token = 'Bearer [redacted]';
  expect(requests).toEqual([['POST', 200, token], ...Array.from({ length: 3 }, () => ['GET', 200, token])]);
  // One for the credentials, and one for the source, which the client shares.
  expect(world.identity.tokenRequests).toHaveLength(2);
  expect(credentialsIn(app.output, world)).toEqual([]);
});

test('what the generator writes is what is committed', async () => {
  const file = join(installed('sdk'), 'src/schema.d.ts');
  const committed = readFileSync(file, 'utf8');
  const generator = start('sdk', { env: {} }, { script: 'generate' });
  expect(await generator.ended).toEqual({ status: 0, signal: null });
  expect(readFileSync(file, 'utf8')).toBe(committed);
});

test('the types are right', async () => {
  expect(await typeErrors('sdk')).toBe('');
});
