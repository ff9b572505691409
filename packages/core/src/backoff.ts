import { type Clock, elapsedSince, type Moment, momentOf } from './clock.ts';

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

  /** Starts to wait, from `since`, for `length` milliseconds and up to a fifth more, so that a fleet does not come back in step. */
  wait(length: number, since: Moment = momentOf(this.#clock)): void {
    this.#since = since;
    this.#length = length * (1 + 0.2 * this.#random());
  }

  /** Milliseconds until the wait is over; 0 when it is. */
  get left(): number {
    return this.#since === undefined ? 0 : Math.max(0, this.#length - elapsedSince(this.#since, this.#clock));
  }

  end(): void {
    this.#since = undefined;
  }
}
