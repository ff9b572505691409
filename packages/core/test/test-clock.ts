import { testClock, type TestClock } from '@tokenline/testing';

export const second = 1_000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;
export const day: number = 24 * hour;

const start = Date.UTC(2026, 10, 23, 12);

/** A clock with timers of its own: who waits is called when the clock gets there. */
export const timedClock = (): TestClock => testClock(start);

/** The same without its timers: time passes by hours, and the deadline of a request does not pass meanwhile. */
export const untimedClock = (): TestClock => Object.assign(timedClock(), { startTimer: undefined as never });

/** Somebody sets the wall clock, forward or back. A machine that was suspended looks like that where its monotonic clock stood still. */
export const shift = (clock: TestClock, milliseconds: number): void => clock.setSystemTime(clock.now() + milliseconds);
