/** Where the time comes from, in milliseconds. Every reading of the library goes through one of these. */
export interface Clock {
  /** Wall clock: milliseconds since the epoch. It may be stepped, and goes on while the machine sleeps. */
  now(): number;
  /** Monotonic clock: milliseconds since some fixed moment. It never steps, and may stop while the machine sleeps. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A moment on both clocks, to measure from. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}

/**
 * Milliseconds since a moment, by the clock that says more: a wall clock set back makes nothing younger, a machine that
 * slept wakes up to what really passed, and a wall clock set forward can only make something end too early.
 */
export function elapsedSince(moment: Moment, clock: Clock): number {
  return Math.max(clock.now() - moment.wall, clock.monotonic() - moment.monotonic);
}
