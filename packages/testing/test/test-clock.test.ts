import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createTokenSource, tokenErrorOf } from '@tokenline/core';
import { fakeIdentityServer, testClock } from '../src/index.ts';

const second = 1_000;
const hour = 3_600 * second;

describe('the time of a test clock', () => {
  test('begins where it is told to, or now', () => {
    const start = new Date('2030-01-02T03:04:05Z');
    expect(testClock(start).now()).toBe(Number(start));
    expect(testClock(7).now()).toBe(7);
    const before = Date.now();
    expect(testClock().now()).toBeGreaterThanOrEqual(before);
  });

  test('passes on both clocks, and is set on one', () => {
    const clock = testClock(0);
    clock.advance(5);
    clock.setSystemTime(new Date(100));
    clock.advance(0);
    expect([clock.now(), clock.monotonic()]).toEqual([100, 5]);
  });

  test.each([-1, Number.NaN])('passes by %d in no case', async (milliseconds) => {
    expect(() => testClock().advance(milliseconds)).toThrow(TypeError);
    await expect(testClock().advanceAsync(milliseconds)).rejects.toThrow(TypeError);
  });
});

describe('its timers', () => {
  test('are called when they are due, in their order, and never at once', () => {
    const clock = testClock(0);
    const called: string[] = [];
    const timer = (name: string, duration: number): (() => void) =>
      clock.startTimer(() => called.push(`${name} at ${clock.monotonic()}`), duration);
    timer('b', 20);
    timer('a', 9.5);
    timer('at once', 0);
    timer('late', 31);
    timer('cancelled', 5)();
    expect(called).toEqual([]);
    clock.advance(30);
    expect(called).toEqual(['at once at 1', 'a at 10', 'b at 20']);
    clock.advance(1);
    expect(called).toHaveLength(4);
  });

  test('may start others, which are due in the same time', () => {
    const clock = testClock(0);
    const due: number[] = [];
    const repeat = (): void => {
      due.push(clock.monotonic());
      clock.startTimer(repeat, 10);
    };
    clock.startTimer(repeat, 10);
    clock.advance(35);
    expect(due).toEqual([10, 20, 30]);
  });
});

/** A server that is down, and a source that waits for it: nothing but the clock can bring its token. */
async function throughAnOutage(): Promise<void> {
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });
  server.failNext({ times: 3 });
  const asked = source.getToken();
  await clock.advanceAsync(9 * second);
  expect((await asked).value).toBe('token-1');
  expect(server.tokenRequests.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
  clock.advance(hour);
  expect((await source.getToken()).value).toBe('token-2');
}

describe('a source waits by it', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test('without fake timers', throughAnOutage);

  test.each(['legacy', 'modern'])('with %s fake timers of Jest, which stand still', async (kind) => {
    jest.useFakeTimers(kind === 'legacy' ? { legacyFakeTimers: true } : {});
    await throughAnOutage();
  });
});

test('a request that hangs ends at its time-out', async () => {
  const clock = testClock();
  const server = fakeIdentityServer({ clock });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, clock, patience: 0 });
  server.hangNext();
  const failure = source.getToken().catch(tokenErrorOf);
  await clock.advanceAsync(10 * second);
  expect(await failure).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT' });
});
