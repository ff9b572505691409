import { Backoff } from '../common/backoff.ts';
import { type Clock, elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import type { Blocked } from './endpoint-health.ts';
import { TokenError } from '../common/errors.ts';

const second = 1_000;
/** So many refusals of a token that was only just renewed may still be revocations. */
const forgiven = 2;

/**
 * Tells a token that was revoked, which a renewal mends, from an API that refuses every token, which none does: the
 * first refusal allows a renewal at once, and when token after token is refused soon after it was renewed, each next one
 * has to wait longer.
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
    const delay = this.#inARow < forgiven ? 0 : Math.min(second * 2 ** (this.#inARow - forgiven + 1), 50 * second);
    // A renewed token that was good for a while was worth its request: this refusal is news.
    this.#inARow = elapsedSince(this.#renewed, this.#clock) < Math.max(10 * second, 2 * delay) ? this.#inARow + 1 : 0;
    if (this.#inARow > 0) this.#backoff.wait(delay, this.#renewed);
  }

  /** @param inVain - whether that brought the refused token once more, which is as good as refused once more. */
  renewed(inVain: boolean): void {
    this.#renewed = momentOf(this.#clock);
    if (inVain) this.refused();
  }
}
