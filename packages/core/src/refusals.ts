import { Backoff } from './backoff.ts';
import { type Clock, elapsedSince, type Moment, momentOf } from './clock.ts';
import type { Blocked } from './endpoint-health.ts';
import { TokenError } from './errors.ts';

const second = 1_000;

/**
 * Tells a token that was revoked, which a renewal mends, from an API that refuses every token, which none does: the
 * first refusal allows a renewal at once, and each refusal of a token that was only just renewed makes the next wait longer.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  /** When a refusal last led to a renewal. */
  #renewed: Moment | undefined;
  #inARow = 0;

  constructor(settings: { clock: Clock; random: () => number }) {
    this.#clock = settings.clock;
    this.#backoff = new Backoff(settings);
  }

  /** Why a refused token may not be renewed yet, and the milliseconds left. */
  get blocked(): Blocked | undefined {
    const wait = this.#backoff.left;
    return wait === 0
      ? undefined
      : {
          error: new TokenError('ERR_TOKEN_REJECTED', 'the API refuses tokens that were only just issued', {
            transient: true,
          }),
          wait,
        };
  }

  /** Call once for each token that is refused. */
  refused(): void {
    if (this.#renewed === undefined) return;
    const delay = Math.min(second * 2 ** this.#inARow, 50 * second);
    // A renewed token that was good for a while was worth its request: this refusal is news.
    this.#inARow = elapsedSince(this.#renewed, this.#clock) < Math.max(10 * second, 2 * delay) ? this.#inARow + 1 : 0;
    if (this.#inARow > 0) this.#backoff.wait(delay, this.#renewed);
  }

  renewed(): void {
    this.#renewed = momentOf(this.#clock);
  }
}
