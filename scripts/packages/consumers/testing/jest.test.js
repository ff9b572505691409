// CommonJS, as Jest runs it without any configuration.
const axios = require('axios');
const { bearerAuth, createTokenSource } = require('@tokenline/axios');
const {
  failingTokenSource,
  fakeIdentityServer,
  protectedApi,
  staticTokenSource,
  testClock,
} = require('@tokenline/testing');

const hour = 3_600_000;

afterEach(() => jest.useRealTimers());

test('a request is sent again with another token after a revocation', async () => {
  const server = await fakeIdentityServer().listen();
  const api = await protectedApi(server).listen();
  const client = bearerAuth(axios.create({ baseURL: api.origin }), createTokenSource(server.client));

  await client.get('/orders');
  server.revokeAll();
  const { data } = await client.post('/orders', 'one');

  expect(data).toEqual({ method: 'POST', path: '/orders', body: 'one' });
  expect(api.requests.map(({ status }) => status)).toEqual([200, 401, 200]);
  expect(server.tokenRequests).toMatchObject([{ status: 200 }, { status: 200 }]);
  await Promise.all([api.close(), server.close()]);
});

test.each(['modern', 'legacy'])('the clock of the source moves, and the %s fake timers do not', async (kind) => {
  jest.useFakeTimers(kind === 'legacy' ? { legacyFakeTimers: true } : {});
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });
  const timer = jest.fn();
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
  jest.useFakeTimers();
  const server = fakeIdentityServer();
  const source = createTokenSource({ ...server.client, fetch: server.fetch });

  server.failNext({ times: 2 });
  const token = source.getToken();
  await jest.advanceTimersByTimeAsync(5_000);
  expect((await token).value).toBe('token-1');
  jest.advanceTimersByTime(hour);
  expect((await source.getToken()).value).toBe('token-2');
});

test('code that takes a source needs no server', async () => {
  expect((await staticTokenSource('t').getToken()).value).toBe('t');
  await expect(failingTokenSource().getToken()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST' });
});
