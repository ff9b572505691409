import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type Answer, unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld, type World } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest, type Version } from './versions.ts';

type Compose = (interceptor: Dispatcher.DispatcherComposeInterceptor, source?: TokenSource) => Dispatcher;

interface Sides {
  readonly world: World;
  readonly open: <D extends Dispatcher>(dispatcher: D) => D;
  /** Composes an interceptor on one side of bearerAuth, or on the other. */
  readonly below: Compose;
  readonly above: Compose;
  readonly get: (dispatcher: Dispatcher, origin?: string) => Promise<{ status: number; text: string }>;
}

function useSides({ adapter, undici: { Agent, request } }: Version): Sides {
  const world = useWorld(adapter);
  const open = useAgents();
  const options = (): { origins: string[] } => ({ origins: [world.api.origin] });
  return {
    world,
    open,
    below: (interceptor, source = world.source()) =>
      bearerAuth(open(new Agent()).compose(interceptor), source, options()),
    above: (interceptor, source = world.source()) =>
      bearerAuth(open(new Agent()), source, options()).compose(interceptor),
    async get(dispatcher, origin = world.api.origin) {
      const { statusCode, body } = await request(`${origin}/orders`, { dispatcher });
      return { status: statusCode, text: await body.text() };
    },
  };
}

/** Answers that say whose they are. */
function personal(
  headers: Record<string, string>,
): (request: { readonly authorization: string | undefined }) => Answer {
  return ({ authorization = 'nobody' }) => ({ headers, body: authorization });
}

/** Half of a body. */
async function* broken(): AsyncGenerator<string> {
  yield 'half of ';
  await new Promise(setImmediate);
  throw new Error('broken');
}

// What docs/clients/undici.md says of each of undici's interceptors. Redirects have tests of their own.
describe.each([newest, oldest])('of the interceptors of $adapter.name', (version) => {
  const { world, open, get, ...sides } = useSides(version);
  const { Agent, cacheStores, interceptors } = version.undici;

  describe.each(['below', 'above'] as const)('%s bearerAuth', (side) => {
    const compose = sides[side];

    test('retry sends the request again with a token, and a 401 is answered besides', async () => {
      const { api } = world;
      api.next({ status: 503 }, unauthorized(), { status: 503 });
      const dispatcher = compose(interceptors.retry({ maxRetries: 2, minTimeout: 1, timeoutFactor: 1 }));
      expect(await get(dispatcher)).toMatchObject({ status: 200 });
      expect(api.requests).toHaveLength(4);
      for (const { authorization } of api.requests) expect(authorization).toMatch(/^Bearer /);
    });

    test('responseError sees the final answer, or leaves the 401 to be answered', async () => {
      world.api.next(unauthorized());
      const dispatcher = compose(interceptors.responseError());
      expect(await get(dispatcher)).toMatchObject({ status: 200 });
      world.api.next({ status: 500, headers: { 'content-type': 'text/plain' } });
      await expect(get(dispatcher)).rejects.toMatchObject({ statusCode: 500 });
    });

    test('dump drops the body', async () => {
      world.api.next(unauthorized());
      expect(await get(compose(interceptors.dump()))).toEqual({ status: 200, text: '' });
    });
  });

  test('dns belongs below: above, bearerAuth sees an address in place of the origin', async () => {
    const { api } = world;
    const named = api.origin.replace('127.0.0.1', 'localhost');
    const dns = interceptors.dns({ dualStack: false, affinity: 4 });
    const options = { origins: [named] };
    api.next(unauthorized());
    const below = bearerAuth(open(new Agent()).compose(dns), world.source(), options);
    expect(await get(below, named)).toMatchObject({ status: 200 });
    const above = bearerAuth(open(new Agent()), world.source(), options).compose(dns);
    expect(await get(above, named)).toMatchObject({ status: 401 });
    expect(api.requests.at(-1)).toMatchObject({ authorization: undefined });
  });

  test('cache above keeps no answer, since it does not see for which token that is', async () => {
    const cache = interceptors.cache({ store: new cacheStores.MemoryCacheStore() });
    const [one, two] = [sides.above(cache, sourceOf('one')), sides.above(cache, sourceOf('two'))];
    for (const directives of ['max-age=60', 'public, max-age=60']) {
      world.api.respond = personal({ 'cache-control': directives, vary: 'accept' });
      expect([await get(one), await get(two)]).toMatchObject([{ text: 'Bearer one' }, { text: 'Bearer two' }]);
    }
  });
});

// Older versions have no deduplicate and no decompress, and a cache that does not look for an Authorization.
describe(`of the newer interceptors of ${newest.adapter.name}`, () => {
  const { world, get, ...sides } = useSides(newest);
  const { cacheStores, interceptors } = newest.undici;

  test('retry below that goes on where an answer broke off fails where that is refused', async () => {
    const { api, identity } = world;
    const headers = { etag: '"1"', 'content-length': '16' };
    api.next({ headers, body: broken() }, unauthorized());
    const retry = interceptors.retry({ maxRetries: 1, minTimeout: 1 });
    await expect(get(sides.below(retry))).rejects.toMatchObject({ statusCode: 401 });
    expect([api.requests.length, identity.tokenRequests]).toEqual([2, 1]);
  });

  test('cache below keeps what an API lets everyone see, and nothing else', async () => {
    const { api } = world;
    const cache = interceptors.cache({ store: new cacheStores.MemoryCacheStore() });
    const [one, two] = [sides.below(cache, sourceOf('one')), sides.below(cache, sourceOf('two'))];
    api.respond = personal({ 'cache-control': 'max-age=60' });
    expect([await get(one), await get(two)]).toMatchObject([{ text: 'Bearer one' }, { text: 'Bearer two' }]);
    api.respond = personal({ 'cache-control': 'public, max-age=60' });
    expect([await get(one), await get(two)]).toMatchObject([{ text: 'Bearer one' }, { text: 'Bearer one' }]);
  });

  test.each([
    ['below', 'keeps the answers of two sources apart', ['Bearer one', 'Bearer two']],
    ['above', 'gives the answer of one to both', ['Bearer one', 'Bearer one']],
  ] as const)('deduplicate %s %s', async (side, _, texts) => {
    world.api.respond = personal({});
    const shared = interceptors.deduplicate();
    const answers = [sourceOf('one'), sourceOf('two')].map((source) => get(sides[side](shared, source)));
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(texts);
  });

  test.each(['below', 'above'] as const)('decompress %s decompresses the body', async (side) => {
    const headers = { 'content-encoding': 'gzip' };
    world.api.next(unauthorized(undefined, { headers, body: gzipSync('no') }), { headers, body: gzipSync('yes') });
    expect(await get(sides[side](interceptors.decompress()))).toEqual({ status: 200, text: 'yes' });
  });
});
