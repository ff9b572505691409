import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { type Answer, unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, type BearerAuthContext, type TokenSource } from '@tokenline/got';
import got from 'got';
import { startApi } from './api.ts';
import { startSource } from './source.ts';

const page = (orders: number[], next?: string): Answer => ({
  headers: next ? { link: `<${next}>; rel="next"` } : {},
  body: JSON.stringify(orders),
});

const cacheable = (cacheControl: string): Answer => ({ headers: { 'cache-control': cacheControl } });

describe('bearerAuth', () => {
  test('leaves the instance that it is given as it was', async () => {
    const api = await startApi();
    const bare = got.extend({ prefixUrl: api.origin });
    bearerAuth(bare, startSource());
    await bare('orders');
    expect(api.requests).toMatchObject([{ authorization: undefined }]);
  });

  test('attached twice asks for one token', async () => {
    const api = await startApi();
    const source = startSource();
    const client = bearerAuth(bearerAuth(got.extend({ prefixUrl: api.origin }), source), source);
    await client('orders');
    expect(api.requests).toMatchObject([{ authorization: 'Bearer token-1' }]);
    expect(source.asked).toBe(1);
  });

  test('gives an instance of the same type', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, resolveBodyOnly: true }), startSource());
    const body: string = await client('orders');
    expect(body).toBe('{"status":200}');
    const parsed: { status: number } = await client('orders').json();
    expect(parsed.status).toBe(200);
  });

  test.each([true, false])('keeps mutableDefaults: %p', (mutableDefaults) => {
    const client = bearerAuth(got.extend({ prefixUrl: 'https://api.example.com', mutableDefaults }), startSource());
    expect(client.defaults.mutableDefaults).toBe(mutableDefaults);
  });

  test('does not follow a prefixUrl that is changed later to another origin', async () => {
    const [api, foreign] = await Promise.all([startApi(), startApi()]);
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, mutableDefaults: true }), startSource());
    client.defaults.options.prefixUrl = foreign.origin;
    await client('orders');
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
  });

  test.each([{ extend() {}, defaults: { headers: {} } }, { extend: () => got }, { defaults: got.defaults }])(
    'refuses %p, which is no got instance',
    (client) => {
      expect(() => bearerAuth(client as never, startSource(), { origins: ['https://api.example.com'] })).toThrow(
        expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_OPTION' }),
      );
    },
  );
});

describe('what is made from it', () => {
  test('by extend has the token, and got.extend(it) has it too', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin }), startSource());
    await client.extend({ headers: { 'x-trace': '7' } }).get('orders');
    await got.extend({ headers: { 'x-trace': '8' } }, client)('orders');
    expect(api.requests).toMatchObject([
      { authorization: 'Bearer token-1', headers: { 'x-trace': '7' } },
      { authorization: 'Bearer token-1', headers: { 'x-trace': '8' } },
    ]);
  });

  test('for another source, with another API, has each its own token', async () => {
    const [orders, stock] = await Promise.all([startApi(), startApi()]);
    const source = startSource();
    source.current = 50;
    const client = bearerAuth(bearerAuth(got, startSource(), { origins: [orders.origin] }), source, {
      origins: [stock.origin],
    });
    stock.next(unauthorized());
    await client(`${orders.origin}/orders`);
    await client(`${stock.origin}/stock`);
    expect(orders.requests).toMatchObject([{ authorization: 'Bearer token-1' }]);
    expect(stock.requests).toMatchObject([{ authorization: 'Bearer token-50' }, { authorization: 'Bearer token-51' }]);
  });
});

describe('pagination', () => {
  test('has the token on every page, and another one from where that is refused', async () => {
    const [api, foreign] = await Promise.all([startApi(), startApi()]);
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, responseType: 'json' }), startSource());
    api.next(page([1, 2], '/orders?page=2'), unauthorized(), page([3, 4], `${foreign.origin}/orders?page=3`));
    foreign.next(page([5]));
    expect(await client.paginate.all<number>('orders')).toEqual([1, 2, 3, 4, 5]);
    expect(api.requests).toMatchObject([
      { url: '/orders', authorization: 'Bearer token-1' },
      { url: '/orders?page=2', authorization: 'Bearer token-1' },
      { url: '/orders?page=2', authorization: 'Bearer token-2' },
    ]);
    expect(foreign.requests).toMatchObject([{ url: '/orders?page=3', authorization: undefined }]);
  });
});

describe('context', () => {
  test('may be set for an instance, and otherwise for one request of it', async () => {
    const api = await startApi();
    const asked: unknown[] = [];
    const source: TokenSource = {
      ...startSource(),
      with(parameters) {
        asked.push(parameters);
        return startSource();
      },
    };
    const client = bearerAuth(got.extend({ prefixUrl: api.origin }), source).extend({
      context: { bearerAuth: false } satisfies BearerAuthContext,
    });
    await client('orders');
    const bearer = { scope: 'orders.write' };
    await client('orders', { context: { bearerAuth: bearer } satisfies BearerAuthContext });
    expect(api.requests).toMatchObject([{ authorization: undefined }, { authorization: 'Bearer token-1' }]);
    expect(asked).toEqual([bearer]);
  });
});

describe('the request option', () => {
  test('is given the token, and an answer that it makes itself is replayed', async () => {
    const source = startSource();
    const sent: unknown[] = [];
    const client = bearerAuth(
      got.extend({
        prefixUrl: 'https://api.example.com',
        request: (_url, { headers }) => {
          sent.push((headers as Record<string, string>)['authorization']);
          const statusCode = sent.length === 1 ? 401 : 200;
          return Object.assign(Readable.from([Buffer.from('yes')]), { statusCode, headers: {} }) as never;
        },
      }),
      source,
    );
    expect(await client('orders').text()).toBe('yes');
    expect(sent).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});

describe('got’s cache', () => {
  test('keeps of authorized answers what a shared cache may, and a 401 does not harm it', async () => {
    const api = await startApi();
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, cache: new Map() }), startSource());
    api.next(unauthorized(), cacheable('max-age=60'), cacheable('public, max-age=60'));
    await client('private');
    await client('private');
    expect(api.requests).toHaveLength(3);
    expect(await client('private')).toMatchObject({ isFromCache: true });
    expect(api.requests).toHaveLength(3);
  });
});
