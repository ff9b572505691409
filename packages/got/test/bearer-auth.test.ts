import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/got';
import type { ExtendOptions, Got } from 'got';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('bearerAuth with $adapter.name as such', ({ adapter, got: base }) => {
  const world = useWorld(adapter);
  const attach = (options: ExtendOptions = {}): Got =>
    bearerAuth(base.extend({ prefixUrl: world.api.origin, retry: { limit: 0 }, ...options }), world.source());

  test('works with the shortcuts for methods, bodies and answers', async () => {
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
    const buffer = await attach()('download?bytes=100000').buffer();
    expect(buffer).toHaveLength(100_000);
  });

  test('throwHttpErrors: false resolves to the final response', async () => {
    const client = attach({ throwHttpErrors: false });
    world.api.next(unauthorized(), {}, unauthorized('Basic'));
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(await client('orders')).toMatchObject({ statusCode: 401 });
  });

  test('resolveBodyOnly resolves to the body of the final response', async () => {
    const client = bearerAuth(base.extend({ prefixUrl: world.api.origin, resolveBodyOnly: true }), world.source());
    world.api.next(unauthorized(undefined, { body: 'first' }), { body: 'second' });
    const body: string = await client('orders');
    expect(body).toBe('second');
  });

  test('an instance extended from it has the token; for its own base URL only', async () => {
    const { api, foreign, identity } = world;
    const client = attach();
    api.next(unauthorized());
    await client.extend({ headers: { 'x-trace': 'a' } })('orders');
    expect(api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }, { headers: { 'x-trace': 'a' } }]);
    foreign.next({});
    await client.extend({ prefixUrl: foreign.origin })('orders');
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
    expect(identity.tokenRequests).toBe(2);
  });

  test('leaves the instance that it was given as it is', async () => {
    const client = base.extend({ prefixUrl: world.api.origin });
    bearerAuth(client, world.source());
    world.api.next({});
    await client('orders');
    expect(world.api.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('keeps mutable defaults mutable', async () => {
    const client = bearerAuth(base.extend({ prefixUrl: world.api.origin, mutableDefaults: true }), world.source());
    client.defaults.options.headers['x-trace'] = 'a';
    world.api.next(unauthorized());
    await client('orders');
    expect(world.api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }, { headers: { 'x-trace': 'a' } }]);
  });

  test('pages carry the token, and each recovers by itself', async () => {
    const { api, identity } = world;
    let pages = 0;
    api.respond = () => (++pages === 2 ? unauthorized() : undefined);
    expect(await attach().paginate.all('pages')).toEqual([1, 2, 3, 4, 5, 6].map((id) => ({ id })));
    expect(api.requests.map(({ url }) => url)).toEqual(['/pages', '/pages?page=2', '/pages?page=2', '/pages?page=3']);
    expect(identity.tokenRequests).toBe(2);
  });

  test('a stream carries the token', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of attach().stream('download?bytes=200000')) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toHaveLength(200_000);
  });

  test('a stream that is answered with 401 ends with that, and the next one has a new token', async () => {
    const { api, identity } = world;
    const client = attach();
    await client('orders');
    identity.revokeAll();
    const read = async (): Promise<number> => {
      let length = 0;
      for await (const chunk of client.stream('download?bytes=200000')) length += (chunk as Buffer).length;
      return length;
    };
    await expect(read()).rejects.toMatchObject({ name: 'HTTPError', response: { statusCode: 401 } });
    await until(() => identity.tokenRequests === 2, 'the token was renewed');
    expect(await read()).toBe(200_000);
    expect(api.requests).toHaveLength(3);
  });

  test('an upload by stream carries the token, whole', async () => {
    const upload = attach().stream.post('orders');
    upload.end(Buffer.alloc(300_000));
    for await (const _ of upload);
    expect(world.api.requests.map(({ body }) => body.length)).toEqual([300_000]);
    expect(world.api.requests[0]?.authorization).toMatch(/^Bearer /);
  });

  test('a user’s own retry from afterResponse goes on working', async () => {
    const { api, identity } = world;
    const client = attach({
      retry: { limit: 1 },
      hooks: {
        afterResponse: [
          (response, retryWithMergedOptions) =>
            response.statusCode === 202 ? retryWithMergedOptions({ headers: { 'x-trace': 'again' } }) : response,
        ],
      },
    });
    api.next({ status: 202 }, unauthorized());
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(api.requests.map(({ headers }) => headers['x-trace'])).toEqual([undefined, 'again', 'again']);
    expect(identity.tokenRequests).toBe(2);
  });

  test('works beside got’s cache', async () => {
    const client = attach({ cache: new Map() });
    world.api.next(unauthorized());
    expect(await client('orders')).toMatchObject({ statusCode: 200 });
    expect(world.api.requests).toHaveLength(2);
  });
});
