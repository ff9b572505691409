// An ES module in Vitest, with msw in place of the network.
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { fakeIdentityServer, protectedApi, testClock } from '@tokenline/testing';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterEach, expect, test, vi } from 'vitest';

const hour = 3_600_000;

afterEach(() => vi.useRealTimers());

test('a request is sent again with another token after a revocation', async () => {
  const server = fakeIdentityServer();
  const api = protectedApi(server);
  const network = setupServer(...server.handlers(http), ...api.handlers(http));
  network.listen();
  const send = bearerAuth(fetch, createTokenSource(server.client), { origins: [api.origin] });

  api.revokeNext();
  const response = await send(`${api.origin}/orders`, { method: 'POST', body: 'one' });

  expect(await response.json()).toEqual({ method: 'POST', path: '/orders', body: 'one' });
  expect(api.requests.map(({ status }) => status)).toEqual([401, 200]);
  expect(server.tokenRequests).toHaveLength(2);
  network.close();
});

test('the clock of the source moves, and the fake timers do not', async () => {
  vi.useFakeTimers();
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });
  const timer = vi.fn();
  setTimeout(timer, 5_000);

  server.failNext({ times: 2 });
  const token = source.getToken();
  await clock.advanceAsync(5_000);
  expect((await token).value).toBe('token-1');
  clock.advance(hour);
  expect((await source.getToken()).value).toBe('token-2');
  expect(timer).not.toHaveBeenCalled();
});

test('fake timers move a source that has no clock', async () => {
  vi.useFakeTimers();
  const server = fakeIdentityServer();
  const source = createTokenSource({ ...server.client, fetch: server.fetch });

  server.failNext({ times: 2 });
  const token = source.getToken();
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await token).value).toBe('token-1');
  vi.advanceTimersByTime(hour);
  expect((await source.getToken()).value).toBe('token-2');
});
