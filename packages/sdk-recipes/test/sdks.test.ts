import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tokenErrorOf } from '@tokenline/core';
import { Generated } from './generated.ts';
import { names } from './page.ts';
import { groups } from './sdks/groups.ts';
import { order, type Sdk } from './sdks/sdk.ts';
import { takingFetch } from './sdks/taking-fetch.ts';
import { World } from './world.ts';

const { fetch } = globalThis;
const [withAxios, withFetch] = [new Generated('orders'), new Generated('orders-fetch')];

jest.setTimeout(60_000);

let world: World;
beforeAll(async () => {
  world = await World.open('sdks');
  await withAxios.write(world.api.origin, 'axios');
  await withFetch.write(world.api.origin, 'fetch');
});
beforeEach(() => world.reset());
afterEach(() => {
  globalThis.fetch = fetch;
});
afterAll(() => Promise.all([world.close(), withAxios.remove(), withFetch.remove()]));

test('every line and every recipe of the page is run', () => {
  const others = ['SDKs that take only a token', 'For SDK authors'];
  const run = groups.flatMap(([client, sdks]) => [client, ...sdks.map(({ name }) => name)]);
  expect([...run, ...others].toSorted()).toEqual(names.toSorted());
});

describe.each(groups)('%s', (client, sdks) => {
  test.each(sdks)('$name sends a token, and recovers from a 401', async (sdk) => {
    world.answer = sdk.answer ?? order;
    const call = await world.callOf(sdk, client);
    expect(await call()).toEqual(order);
    world.identity.revokeAll();
    expect(await call()).toEqual(order);
    const [first, refused, second] = world.api.requests;
    expect(world.api.requests).toHaveLength(3);
    expect(refused?.authorization).toBe(first?.authorization);
    expect(second).toMatchObject({ method: 'POST', url: refused?.url, body: refused?.body });
    expect(second?.body).not.toHaveLength(0);
  });

  test.each(sdks)('$name sends nothing without a token', async (sdk) => {
    const code = { ...sdk, call: sdk.failing ?? sdk.call };
    const call = await world.callOf(code, client, { 'process.env.CLIENT_SECRET!': `'wrong'` });
    const error: unknown = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeDefined();
    expect(tokenErrorOf(error)?.code).toBe(sdk.hidesErrors ? undefined : 'ERR_OAUTH_RESPONSE');
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'failed', code: 'ERR_OAUTH_RESPONSE' }));
    expect(world.api.requests).toEqual([]);
  });
});

/** SDKs whose calls send two megabytes. */
const big = (...wanted: string[]): Sdk[] =>
  takingFetch
    .filter(({ name }) => wanted.includes(name))
    .map(({ call, ...sdk }) => ({ ...sdk, call: call.replace(`'7'`, `'x'.repeat(2 ** 21)`) }));

describe('a 401 to a body of two megabytes', () => {
  test.each(big('`@hey-api/client-fetch`', '`openapi-fetch`'))('is final for $name', async (sdk) => {
    const call = await world.callOf(sdk, 'SDKs that take a `fetch`');
    await call();
    world.identity.revokeAll();
    expect(await call()).toBeUndefined();
    expect(world.api.requests).toHaveLength(2);
  });

  test.each(big('`@octokit/request`', '`hono/client`'))('is put right for $name', async (sdk) => {
    const call = await world.callOf(sdk, 'SDKs that take a `fetch`');
    await call();
    world.identity.revokeAll();
    expect(await call()).toEqual(order);
    expect(world.api.requests).toHaveLength(3);
  });
});
