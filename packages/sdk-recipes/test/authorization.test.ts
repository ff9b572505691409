import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { snippets } from './page.ts';
import { settingAuthorization, supabase } from './sdks/setting-authorization.ts';
import { World } from './world.ts';

jest.setTimeout(60_000);

let world: World;
beforeAll(async () => {
  world = await World.open('authorization');
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const heading = 'SDKs that set an `Authorization` of their own';

describe('without `replace`, the key is sent, and an event says why', () => {
  test.each(settingAuthorization)('$name', async (sdk) => {
    const call = await world.callOf(sdk, heading, { ', replace: true': '' });
    // What an SDK makes of the 401 is its own affair.
    await call().catch(() => {});
    expect(world.api.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${sdk.key}`]);
    expect(world.events).toEqual([expect.objectContaining({ type: 'passed', reason: 'authorization' })]);
  });
});

test('the key of @supabase/supabase-js stays in its own header, and auth sends the token', async () => {
  const call = await world.callOf({ ...supabase, call: `sdk.auth.getUser('the-session-of-a-user')` }, heading);
  await call();
  const [request] = world.api.requests;
  expect(request?.url).toBe('/auth/v1/user');
  expect(request?.headers['apikey']).toBe('your-key');
  expect(world.identity.accepts(request?.authorization?.replace('Bearer ', '') ?? '')).toBe(true);
});

test('an SDK that takes only a token gets another one after a 401', async () => {
  world.answer = { object: 'list', data: [{ id: 'model' }] };
  world.api.next(unauthorized('Bearer error="invalid_token"'));
  const only = 'SDKs that take only a token';
  const { result } = await world.run<{ result: { data: unknown } }>(
    only,
    `${snippets.get(only)}\nexport { result };\n`,
  );
  expect(result.data).toEqual([{ id: 'model' }]);
  const [first, second] = world.api.requests;
  expect(world.api.requests).toHaveLength(2);
  expect(second?.authorization).not.toBe(first?.authorization);
});
