import { testClock, type TestClock as TimedClock } from '@tokenline/testing';
import type { Clock } from '../src/index.ts';

export const second = 1_000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;
export const day: number = 24 * hour;

const start = Date.UTC(2026, 10, 23, 12);

/** A clock with timers of its own: who waits is called when the clock gets there. */
export const timedClock = (): TimedClock => testClock(start);

/** A clock that brings no timers: time passes by hours, and the deadline of a request does not pass meanwhile. */
export class TestClock implements Clock {
  readonly #clock: TimedClock = timedClock();
  readonly now: TimedClock['now'] = this.#clock.now;
  readonly monotonic: TimedClock['monotonic'] = this.#clock.monotonic;

  /** Time passes. */
  advance(milliseconds: number): void {
    this.#clock.advance(milliseconds);
  }

  /** Somebody sets the wall clock, forward or back. */
  set(milliseconds: number): void {
    this.#clock.setSystemTime(this.now() + milliseconds);
  }

  /** The machine is suspended: where the monotonic clock stops meanwhile, that looks like a wall clock set forward. */
  sleep(milliseconds: number): void {
    this.set(milliseconds);
  }
}
