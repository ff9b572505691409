/** Where the time comes from, in milliseconds. Every time that the library reads, and every wait, comes from one of these. */
export interface Clock {
  /** Wall clock: milliseconds since the epoch. It may be set, and it goes on while the machine sleeps. */
  now(): number;
  /** Monotonic clock: milliseconds since some fixed moment. Nobody sets it, and it may stop while the machine sleeps. */
  monotonic(): number;
  /**
   * Calls back once, after `duration` milliseconds, and returns what cancels that. A clock for tests brings it, so that time
   * can pass for those who wait, too.
   * @defaultValue the timers of the runtime
   */
  startTimer?(callback: () => void, duration: number): () => void;
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
 * Milliseconds since a moment, by the clock that says more. So a wall clock that is set back makes nothing younger, the time
 * that a machine slept counts, and a wall clock that is set forward can only end something too early.
 */
export function elapsedSince(moment: Moment, clock: Clock): number {
  return Math.max(clock.now() - moment.wall, clock.monotonic() - moment.monotonic);
}

/** Calls back after `duration` milliseconds by the timers of the clock; returns what cancels that. */
export function startTimer(clock: Clock, callback: () => void, duration: number): () => void {
  if (clock.startTimer !== undefined) return clock.startTimer(callback, duration);
  const timer = setTimeout(callback, duration);
  return () => clearTimeout(timer);
}
