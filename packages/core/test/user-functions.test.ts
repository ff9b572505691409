import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestClock } from '@tokenline/testing';
import {
  clientAssertion,
  type ClientTokenSource,
  createCustomTokenSource,
  extensionGrant,
  jwtBearer,
  refreshToken,
  sharedStore,
  tokenExchange,
  type TokenSourceOptions,
  type TokenStore,
} from '../src/index.ts';
import { proofKeys } from '../src/credentials/prover.ts';
import { failureOf, source } from './support.ts';
import { timedClock } from './test-clock.ts';

const timeout = 10_000;
const hidden = 'opensesame';

// oxlint-disable-next-line unicorn/no-thenable -- that is what the tests are about
const thenable = (then: () => void): object => ({ then });

/** What a function of the user's may do instead of what it ought to do. */
const misbehaviours: Readonly<Record<string, () => unknown>> = {
  'never answers': () => new Promise(() => {}),
  'returns a thenable that never settles': () => thenable(() => {}),
  'returns a thenable that throws': () =>
    thenable(() => {
      throw new Error('no');
    }),
  'throws at once': () => {
    throw new Error('no');
  },
  rejects: () => Promise.reject(new Error('no')),
  'rejects with nothing': () => Promise.reject(),
  'returns nothing': () => undefined,
  'returns null': () => null,
  'returns a number': () => 7,
  'returns an empty text': () => '',
  'returns an object of getters that throw': () =>
    new Proxy(
      {},
      {
        get(_, name) {
          if (name === 'then') return undefined;
          throw new Error('no');
        },
      },
    ),
};
const kinds = Object.keys(misbehaviours);
const misbehave = (kind: string): never => misbehaviours[kind]!() as never;

/** Proofs that need no key: to sign takes time of another clock. */
const dpop = proofKeys.hide(
  { type: 'DPoP' as const },
  {
    prover: () => ({ required: false, thumbprint: async () => 'thumbprint', prove: async () => 'proof', learn() {} }),
  },
);

const answer = (fields: object = {}): Response =>
  Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 3600, ...fields });

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  if (unhandled.length > 0) throw new Error(`nobody handled ${unhandled.splice(0).map(String).join(', ')}`);
});

/** What comes of a call once a deadline, and whatever a deadline ends, has passed. */
async function outcome(clock: TestClock, call: Promise<unknown>): Promise<string> {
  let result = 'hangs';
  call.then(
    () => (result = 'ends'),
    (error: unknown) => (result = String((error as { code?: unknown } | undefined)?.code ?? error)),
  );
  await clock.advanceAsync(1.2 * timeout);
  return result;
}

/** Expects that a source fails in time, and that its disposal ends. */
async function expectEnd(make: (options: Partial<TokenSourceOptions>) => ClientTokenSource): Promise<void> {
  const clock = timedClock();
  const one = make({ clock, timeout, patience: 0, fetch: async () => answer() });
  expect(await outcome(clock, one.getToken())).toMatch(/^ERR_(TOKEN_(REQUEST|TIMEOUT|RESPONSE)|DISCOVERY_REQUEST)$/);
  expect(await outcome(clock, one[Symbol.asyncDispose]())).toBe('ends');
  const other = make({ clock, timeout, patience: 0, fetch: async () => answer() });
  const asked = other.getToken().catch(() => {});
  await clock.advanceAsync(1);
  expect(await outcome(clock, other[Symbol.asyncDispose]())).toBe('ends');
  await asked;
}

describe.each(kinds)('a function that %s', (kind) => {
  const wrong = (): never => misbehave(kind);
  const grants = {
    jwtBearer: () => jwtBearer({ assertion: wrong }),
    'tokenExchange, subject': () => tokenExchange({ subjectToken: wrong, subjectTokenType: 'jwt' }),
    'tokenExchange, actor': () =>
      tokenExchange({ subjectToken: 's', subjectTokenType: 'jwt', actorToken: wrong, actorTokenType: 'jwt' }),
    extensionGrant: () => extensionGrant('urn:example', { token: wrong }),
    'refreshToken, load': () => refreshToken({ load: wrong, save() {} }),
  };

  test.each(Object.entries(grants))('of a grant, %s, fails in time', async (_, grant) => {
    await expectEnd((options) => source({ ...options, grant: grant() }));
  });

  test('for the secret fails in time', async () => {
    await expectEnd((options) => source({ ...options, clientSecret: wrong }));
  });

  test('for a header fails in time', async () => {
    await expectEnd((options) => source({ ...options, headers: { 'x-key': wrong } }));
  });

  test('for fetch fails in time', async () => {
    await expectEnd((options) => source({ ...options, fetch: wrong }));
    await expectEnd((options) =>
      source({ ...options, tokenEndpoint: undefined, issuer: 'https://login.example.com', fetch: wrong }).with({}),
    );
  });

  test('for acquire fails in time', async () => {
    await expectEnd(({ clock }) => createCustomTokenSource({ acquire: wrong, clock, timeout, patience: 0 }));
  });

  test.each([1, 2, 3])('for a client assertion fails in time on its call number %p', async (bad) => {
    const clock = timedClock();
    let calls = 0;
    let nonces = 0;
    const presented: unknown[] = [];
    const one = source({
      clock,
      timeout,
      clientSecret: undefined,
      clientAuthentication: clientAssertion(() => (++calls === bad ? wrong() : `assertion-${calls}`)),
      dpop,
      fetch: async (_, { body }) => {
        presented.push(body?.get('client_assertion'));
        if (nonces++ % 2 === 0)
          return Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': `n-${nonces}` } });
        return answer({ token_type: 'DPoP', expires_in: 1 });
      },
    });
    const first = await outcome(clock, one.getToken());
    const second = bad > 2 ? await outcome(clock, one.getToken()) : 'ends';
    expect([first, second].filter((each) => each !== 'ends')).toEqual([
      expect.stringMatching(/^ERR_TOKEN_(REQUEST|TIMEOUT)$/),
    ]);
    // Nothing is sent in place of an assertion.
    for (const assertion of presented) expect(assertion).toMatch(/^assertion-/);
    expect(await outcome(clock, one[Symbol.asyncDispose]())).toBe('ends');
    expect(await outcome(clock, one.revoke())).toBe('ends');
  });

  test('for save holds up no disposal, and no later request for longer than a deadline', async () => {
    const clock = timedClock();
    let [good, calls] = [false, 0];
    let stored = 'r-0';
    const grant = refreshToken({
      load: () => stored,
      save: (token) => {
        calls++;
        if (!good) return wrong();
        stored = token;
        return undefined;
      },
    });
    const options = { clock, timeout, grant, fetch: async () => answer({ refresh_token: `r-${calls + 1}` }) };
    const one = source(options);
    const first = await outcome(clock, one.getToken());
    expect(first).toMatch(/^ends$|^ERR_TOKEN_(REQUEST|TIMEOUT)$/);
    expect(await outcome(clock, one[Symbol.asyncDispose]())).toBe('ends');
    good = true;
    expect(await outcome(clock, source(options).getToken())).toBe('ends');
    expect(stored).toMatch(/^r-/);
  });

  test('for onEvent and waitUntil changes nothing', async () => {
    const clock = timedClock();
    const one = source({
      clock,
      timeout,
      onEvent: wrong,
      waitUntil: wrong,
      fetch: async () => answer({ expires_in: 1 }),
    });
    expect(await outcome(clock, one.getToken())).toBe('ends');
    expect(await outcome(clock, one.getToken())).toBe('ends');
    expect(await outcome(clock, one[Symbol.asyncDispose]())).toBe('ends');
  });

  test.each(['set', 'lease', 'release'] as const)('for %s of a store fails no caller', async (name) => {
    const clock = timedClock();
    const store: TokenStore = {
      get: async () => undefined,
      set: async () => {},
      lease: async () => true,
      release: async () => {},
      [name]: wrong,
    };
    const one = source({ clock, timeout, store: sharedStore(store), fetch: async () => answer({ expires_in: 1 }) });
    expect(await outcome(clock, one.getToken())).toBe('ends');
    expect(await outcome(clock, one[Symbol.asyncDispose]())).toBe('ends');
  });

  test('for a revocation fails it in time', async () => {
    const clock = timedClock();
    let calls = 0;
    const one = source({
      clock,
      timeout,
      revocationEndpoint: 'https://login.example.com/revoke',
      clientSecret: () => (++calls > 1 ? wrong() : hidden),
      fetch: async (url) => (url.endsWith('revoke') ? new Response() : answer()),
    });
    expect(await outcome(clock, one.getToken())).toBe('ends');
    expect(await outcome(clock, one.revoke())).toMatch(/^ERR_TOKEN_(REQUEST|TIMEOUT)$/);
  });
});

test('a function that answers after its deadline has nothing sent', async () => {
  const clock = timedClock();
  const late: ((value: string) => void)[] = [];
  const sent: string[] = [];
  const secret = (): Promise<string> => new Promise((resolve) => late.push(resolve));
  const one = source({
    clock,
    timeout,
    clientSecret: secret,
    headers: { 'x-key': secret },
    fetch: async (url) => {
      sent.push(url);
      return answer();
    },
  });
  expect((await Promise.all([failureOf(one.getToken()), clock.advanceAsync(1.1 * timeout)]))[0].code).toBe(
    'ERR_TOKEN_TIMEOUT',
  );
  for (const resolve of late.splice(0)) resolve(hidden);
  await clock.advanceAsync(1);
  for (const resolve of late.splice(0)) resolve(hidden);
  await clock.advanceAsync(1);
  expect(sent).toEqual([]);
});
