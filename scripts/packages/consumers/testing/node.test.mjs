// An ES module in the test runner of Node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenSource, isTokenError } from '@tokenline/core';
import { fakeIdentityServer, protectedApi, testClock } from '@tokenline/testing';

test('the API serves the token of a source, and no other', async () => {
  await using server = await fakeIdentityServer().listen();
  await using api = await protectedApi(server, { scope: 'orders.read' }).listen();
  const { value } = await createTokenSource(server.client).getToken();
  const get = (token) => fetch(`${api.origin}/orders`, { headers: { authorization: `Bearer ${token}` } });

  assert.equal((await get(value)).status, 200);
  assert.equal((await get('forged')).status, 401);
});

test('the clock of the source moves, and the fake timers do not', async (context) => {
  context.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setImmediate'] });
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });

  server.failNext({ times: 2 });
  const token = source.getToken();
  await clock.advanceAsync(5_000);
  assert.equal((await token).value, 'token-1');
  assert.equal(Date.now(), 0);
});

test('an outage is a failure that a caller without patience sees', async () => {
  const server = fakeIdentityServer();
  const source = createTokenSource({ ...server.client, fetch: server.fetch, patience: 0 });

  server.dropNext();
  await assert.rejects(source.getToken(), isTokenError);
});
