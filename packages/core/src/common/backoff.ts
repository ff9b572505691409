import { type Clock, elapsedSince, type Moment, momentOf } from './clock.ts';
import type { TokenError } from './errors.ts';

/** No wait is longer than these five minutes. */
export const longest: number = 5 * 60 * 1_000;

/** Where waits get their time and their jitter. */
export interface Timing {
  readonly clock: Clock;
  readonly random: () => number;
}

/** Why no token may be requested now, and how many milliseconds that still lasts. */
export interface Blocked {
  readonly error: TokenError;
  readonly wait: number;
}

/** A wait after a failure, on the injected clock. There is no timer: whoever wants to know asks how much of it is left. */
export class Backoff {
  protected readonly timing: Timing;
  protected error: TokenError | undefined;
  #since: Moment | undefined;
  #length = 0;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  get blocked(): Blocked | undefined {
    if (this.error === undefined || this.#since === undefined) return undefined;
    const wait = this.#length - elapsedSince(this.#since, this.timing.clock);
    return wait > 0 ? { error: this.error, wait } : undefined;
  }

  /** For how many milliseconds the latest wait has been over. */
  protected get idle(): number {
    return this.#since === undefined ? 0 : elapsedSince(this.#since, this.timing.clock) - this.#length;
  }

  /**
   * Starts a wait at `since` of `length` milliseconds, plus a random part of up to a fifth so that the processes of a fleet
   * do not come back in step; five minutes at most.
   */
  protected wait(error: TokenError, length: number, since: Moment = momentOf(this.timing.clock)): void {
    this.error = error;
    this.#since = since;
    this.#length = Math.min(length * (1 + 0.2 * this.timing.random()), longest);
  }
}
