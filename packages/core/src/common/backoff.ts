import { type Clock, elapsedSince, type Moment, momentOf } from './clock.ts';

const longest = 5 * 60 * 1_000;

/** A wait that is counted on the injected clock: it never fires, it is asked. */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #since: Moment | undefined;
  #length = 0;

  constructor({ clock, random }: { clock: Clock; random: () => number }) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Starts to wait, from `since`, for `length` milliseconds and up to a fifth more, so that a fleet does not come back in
   * step; in all no more than five minutes.
   */
  wait(length: number, since: Moment = momentOf(this.#clock)): void {
    this.#since = since;
    this.#length = Math.min(length * (1 + 0.2 * this.#random()), longest);
  }

  /** Milliseconds until the wait is over; 0 when it is. */
  get left(): number {
    return this.#since === undefined ? 0 : Math.max(0, this.#length - elapsedSince(this.#since, this.#clock));
  }
}
