import { describe, expect, jest, test } from '@jest/globals';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import {
  type AcquireRequest,
  type ClientTokenSource,
  createCustomTokenSource,
  createTokenSource,
  type CustomTokenSourceOptions,
  sharedStore,
  TokenError,
  type TokenEvent,
} from '../src/index.ts';
import { settle } from './lifecycle/held-server.ts';
import { failureOf, misuse, shownOf } from './support.ts';
import { hour, minute, second, untimedClock } from './test-clock.ts';

type Acquire = CustomTokenSourceOptions['acquire'];

/** A source over a function that brings `token-1`, `token-2`, … unless it is another one. */
function custom(acquire?: (request: AcquireRequest, count: number) => unknown, options: object = {}) {
  const clock = untimedClock();
  const events: TokenEvent[] = [];
  const calls: AcquireRequest[] = [];
  const source: ClientTokenSource = createCustomTokenSource({
    acquire: ((request) => {
      calls.push(request);
      return acquire?.(request, calls.length) ?? { value: `token-${calls.length}`, expiresIn: hour };
    }) as Acquire,
    clock,
    random: () => 0.5,
    patience: 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const ask = async (...parameters: Parameters<ClientTokenSource['getToken']>): Promise<string> =>
    (await source.getToken(...parameters)).value;
  return { source, clock, events, calls, ask };
}

/** The lifetime and the expiry of a token with these fields, in milliseconds from now. */
const lasts = async (fields: object): Promise<unknown> => {
  const { source, events, clock } = custom(() => ({ value: 'opaque', ...fields }));
  const start = clock.now();
  const { expiresAt } = await source.getToken();
  return [events.find((event) => event.type === 'acquired')?.lifetime, expiresAt && expiresAt - start];
};

const down = (fields: object = {}): Error => Object.assign(new Error('the vault is sealed'), fields);
const member = (store: MemoryStore, key: string) => custom(undefined, { store: sharedStore(store), key });
const acquire: Acquire = () => ({ value: 'a' });

describe('a source over a function', () => {
  test('calls it once for all who come together, and not before', async () => {
    const { ask, calls } = custom();
    expect(calls).toHaveLength(0);
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, () => ask())))).toEqual(new Set(['token-1']));
    expect(calls).toHaveLength(1);
  });

  test('renews in the background while it hands the token out', async () => {
    const { ask, clock, calls } = custom();
    await ask();
    clock.advance(hour - 4 * minute);
    expect(await ask()).toBe('token-1');
    await settle();
    expect(await ask()).toBe('token-2');
    expect(calls).toHaveLength(2);
  });

  test('replaces a refused token once for all, and says which one it was', async () => {
    const { ask, calls } = custom();
    await ask();
    const renewed = await Promise.all(Array.from({ length: 500 }, () => ask({ rejected: 'token-1' })));
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
    expect(calls.map(({ rejected }) => rejected)).toEqual([undefined, 'token-1']);
  });

  test('passes on what is asked for, each set of parameters with a token of its own', async () => {
    const { source, calls } = custom(undefined, {
      scope: ['b', 'a', 'b'],
      parameters: { tenant: '7', ids: ['1', '2'] },
    });
    await source.getToken();
    await source.with({ scope: 'c', resource: 'https://api.example.com/', audience: ['x', 'y'] }).getToken();
    await source.with({ scope: 'a b' }).getToken();
    expect(calls).toMatchObject([
      { scope: 'b a', resource: [], audience: [], parameters: { tenant: '7', ids: ['1', '2'] } },
      { scope: 'c', resource: ['https://api.example.com/'], audience: ['x', 'y'], parameters: { tenant: '7' } },
    ]);
    expect(calls[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(Object.keys(calls[0] ?? {})).not.toContain('key');
  });

  test('names itself in events by its key', async () => {
    const { ask, events } = custom(undefined, { key: 'vault', scope: 'a' });
    await ask();
    expect(events.map(({ type }) => type)).toEqual(['missed', 'requested', 'acquired']);
    expect(events[0]).toMatchObject({ key: 'vault', scope: 'a' });
    expect(events[0]).not.toHaveProperty('clientId');
  });

  test('drops its tokens when it is told to revoke them', async () => {
    const { source, ask } = custom();
    await ask();
    await source.revoke();
    expect(await ask()).toBe('token-2');
  });

  test('serves no more once it is disposed of, and ends the call that is under way', async () => {
    const { source, calls, ask } = custom(() => new Promise(() => {}));
    const asked = failureOf(ask());
    await settle();
    await source[Symbol.asyncDispose]();
    expect((await asked).message).toContain('disposed');
    expect(calls[0]?.signal.aborted).toBe(true);
    expect((await failureOf(ask())).message).toContain('disposed');
  });
});

describe('a token of a function lasts', () => {
  const noon = Date.UTC(2026, 10, 23, 12);
  const claims = { iat: (noon - hour) / second, exp: (noon + minute) / second };
  const cached = `e30.${btoa(JSON.stringify(claims))}.c2ln`;
  const jwt = `e30.${btoa(JSON.stringify({ exp: (noon + 10 * minute) / second }))}.c2ln`;

  test.each<[string, object, unknown]>([
    ['as long as expiresIn says', { expiresIn: 7 * minute }, [7 * minute, 7 * minute]],
    ['until expiresAt, a Date', { expiresAt: new Date(noon + hour) }, [hour, hour]],
    ['until expiresAt, in milliseconds', { expiresAt: noon + hour }, [hour, hour]],
    ['until the first of both', { expiresAt: noon + hour, expiresIn: 2 * hour }, [hour, hour]],
    ['until the exp of a JWT, where nothing says', { value: jwt, expiresIn: null }, [10 * minute, 10 * minute]],
    ['until the exp of a JWT that comes from a cache', { value: cached }, [minute, minute]],
    ['five minutes, where nothing says at all', {}, [5 * minute, undefined]],
    ['for those who wait, where it is over', { expiresAt: noon - hour }, [0, undefined]],
    ['for those who wait, where it lasts no time', { expiresIn: 0 }, [0, undefined]],
  ])('%s', async (_, fields, expected) => {
    expect(await lasts(fields)).toEqual(expected);
  });

  test('until its issuer wants it to be renewed', async () => {
    const { ask, clock, calls } = custom((_, count) => ({ value: `t-${count}`, expiresIn: hour, refreshIn: minute }));
    await ask();
    clock.advance(minute);
    expect(await ask()).toBe('t-1');
    await settle();
    expect(calls).toHaveLength(2);
  });

  test('with the scope that was granted', async () => {
    const { source } = custom(() => ({ value: 'a', type: 'Bearer', scope: 'narrow' }));
    expect(await source.getToken()).toMatchObject({ type: 'Bearer', scope: 'narrow' });
  });
});

describe('a function that returns no token fails with ERR_TOKEN_RESPONSE, and the message never holds a token:', () => {
  test.each<[string, unknown, string]>([
    ['a string', 'sesame', 'an object such as { value, expiresIn }'],
    ['null', null, 'an object such as { value, expiresIn }'],
    ['a value with a line break', { value: 'sesame\r\nx: y' }, 'value must be'],
    ['a value that is empty', { value: '' }, 'value must be'],
    ['another type', { value: 'sesame', type: 'DPoP' }, 'type must be'],
    ['a scope that is a list', { value: 'sesame', scope: ['a'] }, 'scope must be'],
    ['an expiresIn that is text', { value: 'sesame', expiresIn: '3600' }, 'expiresIn must be'],
    ['an expiresIn that is not a number', { value: 'sesame', expiresIn: Number.NaN }, 'expiresIn must be'],
    ['an expiresAt in seconds', { value: 'sesame', expiresAt: 1_795_435_200 }, 'milliseconds since the epoch'],
    ['an expiresAt that is text', { value: 'sesame', expiresAt: '2026-11-23T13:00:00Z' }, 'expiresAt must be'],
    ['an expiresAt that is no date', { value: 'sesame', expiresAt: new Date('soon') }, 'expiresAt must be'],
    ['a refreshIn that is text', { value: 'sesame', refreshIn: '1' }, 'refreshIn must be'],
  ])('%s', async (_, result, message) => {
    const error = await failureOf(
      createCustomTokenSource({ acquire: async () => result as never, clock: untimedClock() }).getToken(),
    );
    expect(error).toMatchObject({ code: 'ERR_TOKEN_RESPONSE', transient: false });
    expect(error.message).toContain(message);
    expect(shownOf(error)).not.toContain('sesame');
  });
});

describe('a function that fails', () => {
  test.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(down())],
    [
      'throws',
      () => {
        throw down();
      },
    ],
  ])('because it %s: its error is the cause, and it is asked again after a while', async (_, fail) => {
    const { ask, clock, calls } = custom((__, count) => (count === 1 ? fail() : undefined));
    const error = await failureOf(ask());
    expect(error).toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      transient: true,
      cause: { message: 'the vault is sealed' },
    });
    expect(await failureOf(ask())).toBe(error);
    expect(calls).toHaveLength(1);
    clock.advance(second);
    expect(await ask()).toBe('token-2');
  });

  test('for good, as its error says, is asked less often', async () => {
    const { ask, clock, calls } = custom(() => Promise.reject(down({ transient: false })));
    expect(await failureOf(ask())).toMatchObject({ transient: false });
    clock.advance(9 * second);
    await failureOf(ask());
    expect(calls).toHaveLength(1);
    clock.advance(10 * second);
    await failureOf(ask());
    expect(calls).toHaveLength(2);
  });

  test('is left alone for as long as its error says', async () => {
    const { ask, clock, calls } = custom((_, count) =>
      count === 1 ? Promise.reject(down({ retryAfter: minute })) : undefined,
    );
    expect(await failureOf(ask())).toMatchObject({ retryAfter: minute });
    clock.advance(59 * second);
    await failureOf(ask());
    clock.advance(20 * second);
    await ask();
    expect(calls).toHaveLength(2);
  });

  test('with a TokenError of its own, passes that on as it is', async () => {
    const own = new TokenError('ERR_TOKEN_TIMEOUT', 'too slow', { transient: true });
    const { ask } = custom(() => Promise.reject(new Error('wrapped', { cause: own })));
    expect(await failureOf(ask())).toBe(own);
  });

  test.each([undefined, null, 'text', 7])('with %p is a TokenError all the same', async (reason) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    const { ask } = custom(() => Promise.reject(reason));
    expect(await failureOf(ask())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
  });

  test('for one set of parameters does not fail the others', async () => {
    const { source, ask } = custom(({ scope }) => (scope === 'bad' ? Promise.reject(down()) : undefined));
    await failureOf(source.with({ scope: 'bad' }).getToken());
    expect(await ask()).toMatch('token');
  });

  test('leaves the current token in use until it expires', async () => {
    const { ask, clock } = custom((_, count) => (count > 1 ? Promise.reject(down()) : undefined));
    await ask();
    clock.advance(hour - minute);
    expect(await ask()).toBe('token-1');
    await settle();
    clock.advance(50 * second);
    expect(await ask()).toBe('token-1');
    clock.advance(10 * second);
    await failureOf(ask());
  });

  test('by repeating the refused token shows it nowhere', async () => {
    const { ask } = custom((_, count) =>
      count === 1
        ? { value: 'sesame/street+7', expiresIn: hour }
        : Promise.reject(new Error('sesame%2Fstreet%2B7 is revoked', { cause: new Error('sesame/street+7') })),
    );
    await ask();
    const error = await failureOf(ask({ rejected: 'sesame/street+7' }));
    expect(shownOf(error)).not.toMatch(/sesame/);
    expect(shownOf(error)).toContain('is revoked');
  });
});

describe('a function that takes its time', () => {
  test('is given up after timeout, though it ignores its signal', async () => {
    const { ask } = custom(() => new Promise(() => {}), { timeout: 5 });
    const error = await failureOf(ask());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT', transient: true });
    expect(error.message).toContain('acquire');
  });

  test('is told when the last caller has left', async () => {
    const { ask, calls } = custom(() => new Promise(() => {}));
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [ask({ signal: one.signal }), ask({ signal: two.signal })].map((each) => each.catch(String));
    await settle();
    one.abort('left');
    expect(await asked[0]).toBe('left');
    expect(calls[0]?.signal.aborted).toBe(false);
    two.abort('left, too');
    expect(await asked[1]).toBe('left, too');
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});

describe('a store shared by sources over functions', () => {
  test('shares a token under the key that the user gives, and under no other', async () => {
    const store = new MemoryStore({ now: untimedClock().now });
    const [first, second_, other] = [member(store, 'a'), member(store, 'a'), member(store, 'b')];
    expect(await first.ask()).toBe('token-1');
    await second_.ask();
    await other.ask();
    expect([first, second_, other].map(({ calls }) => calls.length)).toEqual([1, 0, 1]);
  });
});

describe('misuse', () => {
  test.each<[string, unknown, string]>([
    ['no options', undefined, 'createCustomTokenSource takes an object'],
    ['no function', {}, 'acquire is required'],
    ['an option of the other source', { acquire, clientId: 'orders' }, 'no option "clientId"'],
    ['a store without a key', { acquire, store: sharedStore(new MemoryStore()) }, 'key is required with store'],
    ['a key that is empty', { acquire, key: '' }, 'key must be'],
    ['a parameter that has an option', { acquire, parameters: { scope: 'a' } }, '"scope"'],
    ['such a parameter in other letters', { acquire, parameters: { SCOPE: 'a' } }, '"SCOPE"'],
    ['a timeout that is text', { acquire, timeout: '1' }, 'timeout'],
  ])('%s is refused by name', (_, options, message) => {
    expect(misuse(() => createCustomTokenSource(options as never))).toContain(message);
  });

  test('acquire in createTokenSource leads to createCustomTokenSource', () => {
    expect(misuse(() => createTokenSource({ acquire } as never))).toContain('createCustomTokenSource');
  });
});

test('the source of a function works beside jest mocks', async () => {
  const mock = jest.fn<Acquire>(async () => ({ value: 'mocked' }));
  expect((await createCustomTokenSource({ acquire: mock }).getToken()).value).toBe('mocked');
  expect(mock).toHaveBeenCalledTimes(1);
});
