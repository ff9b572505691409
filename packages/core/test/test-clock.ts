import type { Clock } from '../src/index.ts';

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
