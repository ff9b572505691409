import { describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, refreshToken, type TokenSourceOptions } from '../src/index.ts';
import { failureOf, shownOf, source } from './support.ts';
import { minute, timedClock, untimedClock } from './test-clock.ts';

/** A server whose every refresh token is good for one request, and a user's store of them. */
class Session {
  readonly events: string[] = [];
  /** Milliseconds that things take. */
  readonly pace = { load: 0, save: 0, request: 0 };
  stored = 'refresh-0';
  failure: Error | undefined;
  /** Requests that presented another token than the one that was good. */
  reused = 0;
  #good = 0;

  source(options: Partial<TokenSourceOptions> = {}): ClientTokenSource {
    const grant = refreshToken({
      load: async () => {
        const { stored } = this;
        await pause(this.pace.load);
        return stored;
      },
      save: async (token) => {
        await pause(this.pace.save);
        if (this.failure !== undefined) throw this.failure;
        this.events.push(`saved ${token}`);
        this.stored = token;
      },
    });
    const clientAuthentication = 'none';
    return source({
      grant,
      clientAuthentication,
      clientSecret: undefined,
      fetch: (_url, init) => this.#answer(init),
      ...options,
    });
  }

  async #answer(init: RequestInit | undefined): Promise<Response> {
    const form = init?.body as URLSearchParams;
    const presented = form.get('refresh_token');
    if (presented !== `refresh-${this.#good}`) {
      this.reused++;
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    }
    const next = ++this.#good;
    await pause(this.pace.request);
    this.events.push(`issued access-${next}`);
    return Response.json({
      access_token: `access-${next}`,
      refresh_token: `refresh-${next}`,
      token_type: 'Bearer',
      expires_in: 3600,
    });
  }
}

const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

test('the refresh token that replaces another is kept before the access token is used', async () => {
  const session = new Session();
  session.pace.save = 5;
  const token = await session.source().getToken();
  expect(session.events).toEqual(['issued access-1', 'saved refresh-1']);
  expect(token.value).toBe('access-1');
});

test('nothing is kept where the server goes on with the same refresh token, or says nothing of one', async () => {
  const saved: string[] = [];
  const grant = refreshToken({ load: () => 'refresh-0', save: (token) => saved.push(token) });
  for (const refresh_token of ['refresh-0', undefined, null, '', 7]) {
    const fetch = async (): Promise<Response> =>
      Response.json({ access_token: 'a', refresh_token, token_type: 'Bearer' });
    await expect(source({ grant, fetch }).getToken()).resolves.toMatchObject({ value: 'a' });
  }
  expect(saved).toEqual([]);
});

describe('renewals that run at once', () => {
  test.each([
    { load: 0, save: 0, request: 0 },
    { load: 5, save: 0, request: 0 },
    { load: 0, save: 5, request: 0 },
    { load: 0, save: 0, request: 5 },
    { load: 5, save: 2, request: 2 },
    { load: 2, save: 5, request: 2 },
  ])('never present a refresh token twice, when things take %p', async (pace) => {
    const session = new Session();
    Object.assign(session.pace, pace);
    const running = session.source();
    const each = ['a', 'b', 'c', 'd'].map((scope) => running.with({ scope }));
    const rejected = each.map(() => '');
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        each.map(async (one, index) => {
          await pause(3 * index);
          rejected[index] = (await one.getToken({ rejected: rejected[index] ?? '' })).value;
        }),
      );
      expect(new Set(rejected).size).toBe(4);
    }
    expect(session.reused).toBe(0);
    expect(session.stored).toBe('refresh-12');
  });

  test('do not trust what was read before another one had its turn', async () => {
    const session = new Session();
    session.pace.request = 5;
    const running = session.source();
    const first = running.getToken();
    await pause(2);
    session.pace.load = 20;
    await Promise.all([first, running.with({ scope: 'a' }).getToken()]);
    expect(session.reused).toBe(0);
  });

  test('go one after the other though one of them fails', async () => {
    const session = new Session();
    session.failure = new Error('the disk is full');
    const running = session.source();
    const [first, second] = await Promise.allSettled(['a', 'b'].map((scope) => running.with({ scope }).getToken()));
    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
    expect(session.reused).toBe(0);
  });
});

test('a refresh token that could not be kept is kept at the next occasion, and used', async () => {
  const session = new Session();
  session.failure = new Error('the disk is full of refresh-1');
  const clock = untimedClock();
  const running = session.source({ clock });
  const error = await failureOf(running.getToken());
  expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
  expect(error.message).toContain('save');
  expect(shownOf(error)).toContain('the disk is full');
  expect(shownOf(error)).not.toContain('refresh-1');
  expect(shownOf(running)).not.toContain('refresh-1');
  session.failure = undefined;
  clock.advance(minute);
  await expect(running.getToken()).resolves.toMatchObject({ value: 'access-2' });
  expect(session.events).toEqual(['issued access-1', 'saved refresh-1', 'issued access-2', 'saved refresh-2']);
});

test('a refresh token whose keeping never ends holds up the next request for a deadline, and is not lost', async () => {
  const clock = timedClock();
  const presented: unknown[] = [];
  const saved: string[] = [];
  const stuck: (() => void)[] = [];
  const grant = refreshToken({
    load: () => saved.at(-1) ?? 'refresh-0',
    save: (token) => {
      if (stuck.length > 0) return saved.push(token);
      return new Promise<void>((resolve) => stuck.push(resolve));
    },
  });
  const fetch: TokenSourceOptions['fetch'] = async (_, { body }) => {
    presented.push(body?.get('refresh_token'));
    const count = presented.length;
    return Response.json({ access_token: `access-${count}`, refresh_token: `refresh-${count}`, token_type: 'Bearer' });
  };
  const running = source({ grant, fetch, clock, timeout: minute });
  const first = failureOf(running.getToken());
  await clock.advanceAsync(minute / 2);
  const second = running.with({ scope: 'a' }).getToken();
  await clock.advanceAsync(minute);
  expect(await first).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
  await expect(second).resolves.toMatchObject({ value: 'access-2' });
  for (const resolve of stuck) resolve();
  await clock.advanceAsync(1);
  await expect(running.with({ scope: 'b' }).getToken()).resolves.toMatchObject({ value: 'access-3' });
  expect(presented).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  expect(saved).toEqual(['refresh-1', 'refresh-2', 'refresh-3']);
});

test('a request goes on to its end though nobody waits for it any more', async () => {
  const session = new Session();
  session.pace.request = 20;
  const running = session.source();
  const controller = new AbortController();
  const left = running.getToken({ signal: controller.signal });
  await pause(5);
  controller.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(running.getToken()).resolves.toMatchObject({ value: 'access-2' });
  expect(session.reused).toBe(0);
  expect(session.stored).toBe('refresh-2');
});

test('who leaves before the turn has come presents nothing', async () => {
  const session = new Session();
  session.pace.request = 20;
  const running = session.source();
  const first = running.getToken();
  await pause(5);
  const controller = new AbortController();
  const second = running.with({ scope: 'a' }).getToken({ signal: controller.signal });
  await pause(5);
  controller.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  await first;
  await pause(5);
  expect(session.events).toEqual(['issued access-1', 'saved refresh-1']);
});
