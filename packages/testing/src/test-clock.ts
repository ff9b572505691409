import type { Clock } from '@tokenline/core';

/** A clock for tests, as {@link testClock} makes it. Both of its times are milliseconds. */
export class TestClock implements Clock {
  readonly #timers: Set<Timer> = new Set();
  #wall: number;
  #monotonic = 0;

  constructor(start: number | Date) {
    this.#wall = Number(start);
  }

  readonly now = (): number => this.#wall;
  readonly monotonic = (): number => this.#monotonic;

  readonly startTimer = (callback: () => void, duration: number): (() => void) => {
    // In whole milliseconds and never at once, like the timers of the runtime.
    const timer = { due: this.#monotonic + Math.max(1, Math.ceil(duration)), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Time passes: timers that become due are called in their order. What they resolve goes on after that. */
  advance(milliseconds: number): void {
    const end = this.#end(milliseconds);
    while (this.#callNext(end));
    this.#pass(end - this.#monotonic);
  }

  /**
   * Time passes, and all that waits for nothing but promises goes on: before, between the timers, and at the end. Use it where
   * a timer that becomes due starts the next one, such as that of a retry.
   */
  async advanceAsync(milliseconds: number): Promise<void> {
    await settle();
    const end = this.#end(milliseconds);
    while (this.#callNext(end)) await settle();
    this.#pass(end - this.#monotonic);
    await settle();
  }

  /** Sets the wall clock, as somebody does, or as a machine does that wakes. No timer becomes due by that. */
  setSystemTime(time: number | Date): void {
    this.#wall = Number(time);
  }

  #end(milliseconds: number): number {
    if (!(milliseconds >= 0))
      throw new TypeError('time passes by 0 milliseconds or more: setSystemTime() sets it back');
    return this.#monotonic + milliseconds;
  }

  #callNext(end: number): boolean {
    const [next] = [...this.#timers].toSorted((one, other) => one.due - other.due);
    if (next === undefined || next.due > end) return false;
    this.#timers.delete(next);
    this.#pass(next.due - this.#monotonic);
    next.callback();
    return true;
  }

  #pass(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
  }
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when it is told to: for the option `clock` of a source, and of a {@link fakeIdentityServer}.
 *
 * It needs no fake timers, and is not disturbed by those of Jest, Vitest or Sinon: it reads no time and starts no timer of the
 * runtime.
 *
 * @param start - the time that it begins with, a `Date` or milliseconds since the epoch. By default, it is now.
 * @example
 * ```ts
 * const clock = testClock();
 * const server = fakeIdentityServer({ clock });
 * const source = createTokenSource({ ...server.client, fetch: server.fetch, clock });
 *
 * await source.getToken();
 * clock.advance(3_600_000);
 * await source.getToken(); // another token
 * ```
 */
export function testClock(start: number | Date = Date.now()): TestClock {
  return new TestClock(start);
}

/** Lets everything happen that needs no more than promises. A channel is what no fake timers take the place of. */
async function settle(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => {
      port1.addEventListener('message', resolve, { once: true });
      port2.postMessage(undefined);
    });
  }
  port1.close();
}

/** As many as a request to a fake server takes, and some more. */
const turns = 8;
