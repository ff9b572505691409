import { describe, expect, test } from '@jest/globals';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/ky';
import ky, { type KyInstance } from 'ky';
import { newest, oldest } from './versions.ts';

const base = 'https://api.example.com';

describe.each([newest, oldest])('$adapter.name', ({ ky: client, adapter, generation: { prefix } }) => {
  const world = useWorld(adapter);
  const own = { [prefix]: base, retry: 0, throwHttpErrors: false };
  const attach = (source: TokenSource, ...answers: readonly Response[]): KyInstance => {
    const rest = [...answers];
    const fetch = async (): Promise<Response> => rest.shift() ?? new Response();
    return bearerAuth(client.create({ ...own, fetch }), source);
  };

  test('reads the answers away that another takes the place of', async () => {
    const refused = new Response('refused', { status: 401 });
    const moved = new Response('moved', { status: 302, headers: { location: '/landing' } });
    expect(await attach(sourceOf('a', 'b'), refused, moved)('')).toMatchObject({ status: 200, redirected: true });
    expect([refused, moved]).toMatchObject([{ bodyUsed: true }, { bodyUsed: true }]);
  });

  test('takes the token of the same scope along a redirect', async () => {
    const scopes: unknown[] = [];
    const scoped = (scope: unknown): TokenSource => (scopes.push(scope), sourceOf('a'));
    const source = { ...sourceOf('b'), with: (options: { scope?: unknown }) => scoped(options.scope) } as TokenSource;
    const send = attach(source, new Response(null, { status: 302, headers: { location: '/landing' } }));
    await send('', { context: { bearerAuth: { scope: 'orders.write' } } });
    expect(scopes).toEqual(['orders.write', 'orders.write']);
  });

  test('sends no token with a retry of a request that is to have none', async () => {
    const { api } = world;
    const retry = { limit: 1, delay: () => 1 };
    api.next({ status: 503 }, {});
    const send = bearerAuth(client.create({ [prefix]: api.origin, retry }), world.source());
    await send('orders', { context: { bearerAuth: false } });
    expect(api.requests).toMatchObject([{ authorization: undefined }, { authorization: undefined }]);
  });

  test.each([undefined, 'Basic YTpi'])('shows the Authorization %s of the user in an error', async (authorization) => {
    world.api.next({ status: 403 });
    const send = bearerAuth(client.create({ [prefix]: world.api.origin }), world.source(), { replace: true });
    const error: unknown = await send('orders', { ...(authorization && { headers: { authorization } }) }).catch(
      (reason: unknown) => reason,
    );
    expect(world.api.requests).toMatchObject([{ authorization: expect.stringMatching(/^Bearer /) }]);
    expect((error as { request: Request }).request.headers.get('authorization')).toBe(authorization ?? null);
  });
});

test('takes the origin of an absolute URL beside a relative one', async () => {
  const seen: Request[] = [];
  const fetch = async (request: Request): Promise<Response> => (seen.push(request), new Response());
  const client = ky.create({ prefix: '/v1', baseUrl: base, fetch: fetch as never });
  await bearerAuth(client, sourceOf('a'))('orders');
  expect(seen).toMatchObject([{ url: `${base}/v1/orders` }]);
});
