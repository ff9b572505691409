import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, createTokenSource, OAuthError, type TokenSource, tokenErrorOf } from '@tokenline/fetch';
import { snippets } from './page.ts';
import { order } from './sdks/sdk.ts';
import { World } from './world.ts';

jest.setTimeout(60_000);

interface Orders {
  create(order: { id: string }, signal?: AbortSignal): Promise<unknown>;
}
type OrdersOptions = { source?: TokenSource; fetch?: typeof fetch; baseUrl?: string };

const heading = 'For SDK authors';
const refusal = unauthorized('Bearer error="invalid_token"');

let world: World;
let Orders: new (options: OrdersOptions) => Orders;
beforeAll(async () => {
  world = await World.open('authors');
  ({ Orders } = await world.run<{ Orders: typeof Orders }>(heading, snippets.get(heading) ?? ''));
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** The tokens that the API was shown, by their numbers. */
const shown = (): number[] => {
  const all = world.api.requests.map(({ authorization }) => authorization);
  return all.map((each) => [...new Set(all)].indexOf(each));
};

describe('the class of the page', () => {
  test('sends the token of a source, and recovers from a 401', async () => {
    const orders = new Orders({ source: createTokenSource(world.identity.client) });
    world.api.next(refusal);
    expect(await orders.create(order)).toEqual(order);
    expect(shown()).toEqual([0, 1]);
  });

  test('takes a source that has getToken() alone', async () => {
    const tokens = createTokenSource(world.identity.client);
    const source: TokenSource = { getToken: (options) => tokens.getToken(options) };
    world.api.next(refusal);
    expect(await new Orders({ source }).create(order)).toEqual(order);
    expect(shown()).toEqual([0, 1]);
  });

  test('takes a fetch that has its token already', async () => {
    const source = createTokenSource(world.identity.client);
    const orders = new Orders({ fetch: bearerAuth(fetch, source, { origins: [world.api.origin] }) });
    world.api.next(refusal);
    expect(await orders.create(order)).toEqual(order);
    expect(shown()).toEqual([0, 1]);
  });

  test('recovers once if the fetch of its source is attached already', async () => {
    const source = createTokenSource(world.identity.client);
    const other = { getToken: async () => Promise.reject(new Error('the inner layer asks for a token')) };
    const attached = bearerAuth(fetch, other, { origins: [world.api.origin] });
    world.api.next(refusal);
    expect(await new Orders({ source, fetch: attached }).create(order)).toEqual(order);
    expect(shown()).toEqual([0, 1]);
  });

  test('hands over the second 401', async () => {
    const orders = new Orders({ source: createTokenSource(world.identity.client) });
    world.api.next(refusal, refusal);
    await expect(orders.create(order)).rejects.toThrow('orders: 401');
    expect(shown()).toEqual([0, 1]);
  });

  test('lets a failed token request through', async () => {
    const orders = new Orders({ source: createTokenSource({ ...world.identity.client, clientSecret: 'wrong' }) });
    const error: unknown = await orders.create(order).catch((reason: unknown) => reason);
    expect(tokenErrorOf(error)).toBeInstanceOf(OAuthError);
    expect(tokenErrorOf(new Error('orders', { cause: error }))).toBe(error);
    expect(world.api.requests).toEqual([]);
  });

  test('ends the wait for a token with its signal', async () => {
    world.identity.fail('hanging');
    const controller = new AbortController();
    const orders = new Orders({ source: createTokenSource(world.identity.client) });
    const answer = orders.create(order, controller.signal);
    controller.abort(new Error('the user left'));
    await expect(answer).rejects.toThrow('the user left');
    world.identity.recover();
  });

  test('has to be given a source or a fetch', () => {
    expect(() => new Orders({})).toThrow(TypeError);
    expect(() => new Orders({ source: {} as TokenSource })).toThrow('bearerAuth needs a token source');
  });
});
