import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { twoApisWorld } from '../run/two-apis-world.ts';
import type { FakeWorld } from '../run/world.ts';
import { credentialsIn, start, typeErrors } from './example.ts';

let world: FakeWorld;

beforeEach(async () => {
  world = await twoApisWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

test('each API gets a token of its own scope', async () => {
  const program = start('two-apis', world);
  expect(await program.ended).toEqual({ status: 0, signal: null });
  expect(program.output).toBe('invoice for order 1: 30\ninvoice for order 2: 45\n');
  expect(credentialsIn(program.output, world)).toEqual([]);
  // Each API refuses a token without its scope.
  expect(world.apis.map(({ requests }) => requests.map(({ status }) => status))).toEqual([[200], [200, 200]]);
  expect(world.identity.tokenRequests.map(({ form }) => form.scope)).toEqual(['orders.read', 'invoices.write']);
});

test('the types are right', async () => {
  expect(await typeErrors('two-apis')).toBe('');
});
