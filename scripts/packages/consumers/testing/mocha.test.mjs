// An ES module in Mocha, with the fake timers of Sinon.
import assert from 'node:assert/strict';
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { fakeIdentityServer, protectedApi, testClock } from '@tokenline/testing';
import sinon from 'sinon';

const hour = 3_600_000;
// Sinon fakes these as well, unless it is told not to: then no `fetch` of Node works, and no `Response`.
const toNotFake = ['nextTick', 'queueMicrotask'];

describe('orders', () => {
  afterEach(() => sinon.restore());

  it('sends a request again with another token after a revocation', async () => {
    const server = fakeIdentityServer();
    const api = protectedApi(server);
    const source = createTokenSource({ ...server.client, fetch: server.fetch });
    const send = bearerAuth(api.fetch, source, { origins: [api.origin] });

    api.revokeNext();
    const response = await send(`${api.origin}/orders`, { method: 'POST', body: 'one' });

    assert.deepEqual(await response.json(), { method: 'POST', path: '/orders', body: 'one' });
    assert.deepEqual(
      api.requests.map(({ status }) => status),
      [401, 200],
    );
  });

  it('moves the clock of the source, and not the fake timers', async () => {
    sinon.useFakeTimers({ toNotFake });
    const clock = testClock();
    const server = fakeIdentityServer({ clock });
    const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });
    const timer = sinon.fake();
    setTimeout(timer, 5_000);

    server.failNext({ times: 2 });
    const token = source.getToken();
    await clock.advanceAsync(5_000);
    assert.equal((await token).value, 'token-1');
    clock.advance(hour);
    assert.equal((await source.getToken()).value, 'token-2');
    assert.equal(timer.called, false);
  });

  it('moves a source that has no clock by fake timers', async () => {
    const timers = sinon.useFakeTimers({ toNotFake });
    const server = fakeIdentityServer();
    const source = createTokenSource({ ...server.client, fetch: server.fetch });

    server.failNext({ times: 2 });
    const token = source.getToken();
    await timers.tickAsync(5_000);
    assert.equal((await token).value, 'token-1');
    timers.tick(hour);
    assert.equal((await source.getToken()).value, 'token-2');
  });
});
