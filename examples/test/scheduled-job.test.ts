import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { unpaidWorld } from '../run/unpaid-world.ts';
import type { OrdinaryWorld } from '../run/world.ts';
import { credentialsIn, start } from './example.ts';

let world: OrdinaryWorld;

beforeEach(async () => {
  world = await unpaidWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

// Nobody stops it. The token is valid for an hour: what waited for its end would outlast this test.
test('it ends when its work is done, with one token for all of its requests', async () => {
  const job = start('scheduled-job', world);
  expect(await job.ended).toEqual({ status: 0, signal: null });
  expect(job.output).toBe('3 reminders\n');
  expect(world.api.requests.map(({ method, path, status }) => `${method} ${path} ${status}`).toSorted()).toEqual([
    'GET /orders?state=unpaid 200',
    'POST /orders/1/reminder 200',
    'POST /orders/2/reminder 200',
    'POST /orders/3/reminder 200',
  ]);
  expect(world.identity.tokenRequests).toHaveLength(1);
});

test('a short outage of the identity server is no failure', async () => {
  world.identity.failNext({ times: 2 });
  expect(await start('scheduled-job', world).ended).toEqual({ status: 0, signal: null });
});

test.each([
  ['the API', () => world.api.failNext(), '/orders?state=unpaid was answered with 503'],
  ['the identity server', () => world.identity.failNext({ error: 'invalid_client', times: 9 }), 'invalid_client'],
])('a failure of %s is the exit status 1, and is told without a credential', async (_, fail, reason) => {
  fail();
  const job = start('scheduled-job', world);
  expect(await job.ended).toEqual({ status: 1, signal: null });
  expect(job.output).toContain(reason);
  expect(credentialsIn(job.output, world)).toEqual([]);
});
