import type { Clock } from '../src/index.ts';
import { settle } from './lifecycle/fake-server.ts';

export const second = 1_000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;
export const day: number = 24 * hour;

/** Both clocks of a machine: they move only when they are told to. */
export class TestClock implements Clock {
  #wall = Date.UTC(2026, 10, 23, 12);
  #monotonic = 0;
  now = (): number => this.#wall;
  monotonic = (): number => this.#monotonic;

  /** Time passes. */
  advance(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
  }

  /** Somebody sets the wall clock, forward or back. */
  set(milliseconds: number): void {
    this.#wall += milliseconds;
  }

  /** The machine is suspended: where the monotonic clock stops meanwhile, that looks like a wall clock set forward. */
  sleep(milliseconds: number): void {
    this.#wall += milliseconds;
  }
}

/** A clock with timers of its own: who waits is called when the clock gets there. */
export class TimedClock extends TestClock {
  readonly #timers: Set<{ readonly due: number; readonly callback: () => void }> = new Set();

  startTimer = (callback: () => void, duration: number): (() => void) => {
    // In whole milliseconds, and never at once, as the timers of the runtime.
    const timer = { due: this.monotonic() + Math.max(1, Math.ceil(duration)), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Time passes, and what is due happens in its turn. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.monotonic() + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].toSorted((a, b) => a.due - b.due);
      if (next === undefined || next.due > end) break;
      this.#timers.delete(next);
      this.advance(next.due - this.monotonic());
      next.callback();
    }
    this.advance(end - this.monotonic());
  }
}
