import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/ky';
import ky, { type KyInstance } from 'ky';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('bearerAuth with $adapter.name as such', ({ adapter, ky: base, generation }) => {
  const { prefix } = generation;
  const world = useWorld(adapter);
  const attach = (options: object = {}): KyInstance =>
    bearerAuth(base.create({ [prefix]: world.api.origin, retry: 0, ...options }), world.source());

  test('works with the shortcuts for methods and bodies', async () => {
    world.api.next(unauthorized());
    expect(
      await attach()
        .post('orders', { json: { id: 7 } })
        .json(),
    ).toMatchObject({
      method: 'POST',
      headers: { accept: 'application/json' },
      body: { text: '{"id":7}' },
    });
  });

  test('throwHttpErrors: false resolves to the final response', async () => {
    const client = attach({ throwHttpErrors: false });
    world.api.next(unauthorized(), {}, unauthorized('Basic'));
    expect(await client('orders')).toMatchObject({ status: 200 });
    expect(await client('orders')).toMatchObject({ status: 401 });
  });

  test('an instance extended from it has the token; for its own base URL only', async () => {
    const { api, foreign, identity } = world;
    const client = attach();
    api.next(unauthorized());
    await client.extend({ headers: { 'x-trace': 'a' } })('orders');
    expect(api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }, { headers: { 'x-trace': 'a' } }]);
    foreign.next({});
    await client.extend({ [prefix]: foreign.origin })('orders');
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
    expect(identity.tokenRequests).toBe(2);
  });

  test('carries the token of each origin where two sources are attached', async () => {
    const { api, foreign } = world;
    const client = base.create({ retry: 0, throwHttpErrors: false });
    const inner = bearerAuth(client, sourceOf('a'), { origins: [api.origin] });
    const send = bearerAuth(inner, sourceOf('b'), { origins: [foreign.origin] });
    for (const { origin } of [api, foreign]) await send(`${origin}/orders`);
    expect(api.requests).toMatchObject([{ authorization: 'Bearer a' }]);
    expect(foreign.requests).toMatchObject([{ authorization: 'Bearer b' }]);
  });

  test('an instance created from it starts anew, without a token', async () => {
    world.api.next({});
    await attach().create({ [prefix]: world.api.origin })('orders');
    expect(world.api.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('leaves the instance that it was given as it is', async () => {
    const client = base.create({ [prefix]: world.api.origin });
    bearerAuth(client, world.source());
    world.api.next({});
    await client('orders');
    expect(world.api.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('goes through a fetch of the user’s own', async () => {
    let calls = 0;
    const own: typeof fetch = (...parameters) => {
      calls++;
      return fetch(...parameters);
    };
    world.api.next(unauthorized());
    expect(await attach({ fetch: own })('orders')).toMatchObject({ status: 200 });
    expect(calls).toBe(2);
  });

  test('a Request is sent again, with its body', async () => {
    const { api } = world;
    const client = attach();
    api.next(unauthorized());
    expect(await client(new Request(`${api.origin}/orders`))).toMatchObject({ status: 200 });
    api.next(unauthorized('Bearer error="invalid_token"'));
    const request = new Request(`${api.origin}/orders`, { method: 'POST', body: 'abc' });
    expect(await client(request)).toMatchObject({ status: 200 });
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['', '', 'abc', 'abc']);
  });

  test('download progress is that of the final response', async () => {
    const client = attach();
    world.api.next(unauthorized());
    let transferred = 0;
    const onDownloadProgress = (progress: { transferredBytes: number }): void => {
      transferred = progress.transferredBytes;
    };
    expect(await client('download?bytes=100000', { onDownloadProgress }).text()).toHaveLength(100_000);
    expect(transferred).toBe(100_000);
  });

  test('time-out covers the wait for a token', async () => {
    world.identity.fail('hanging');
    await expect(attach({ timeout: 100 })('orders')).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(world.api.requests).toEqual([]);
  });
});

describe('bearerAuth with ky 2', () => {
  const world = useWorld(newest.adapter);

  test.each(['baseUrl', 'prefix'])('takes the origin of %s', async (name) => {
    const client = bearerAuth(ky.create({ [name]: `${world.api.origin}/v1/` }), world.source());
    expect(await client('orders').json()).toMatchObject({ url: '/v1/orders' });
    expect(world.identity.tokenRequests).toBe(1);
  });

  test('an absolute URL beside baseUrl goes without the token', async () => {
    world.foreign.next({});
    await bearerAuth(ky.create({ baseUrl: world.api.origin }), world.source())(`${world.foreign.origin}/orders`);
    expect(world.foreign.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('a retry that a hook forces carries a token', async () => {
    const { api, identity } = world;
    const forced = ky.create({
      prefix: api.origin,
      retry: { limit: 1, delay: () => 1 },
      hooks: { afterResponse: [({ response }) => (response.status === 202 ? ky.retry() : undefined)] },
    });
    api.next({ status: 202 }, unauthorized());
    expect(await bearerAuth(forced, world.source())('orders')).toMatchObject({ status: 200 });
    expect(api.requests).toHaveLength(3);
    expect(identity.tokenRequests).toBe(2);
  });
});
