import { Backoff } from '../common/backoff.ts';
import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';

const second = 1_000;
/** How many refusals of a token that was only just renewed may still be revocations. */
const forgiven = 2;

/**
 * Tells a revoked token, which a renewal puts right, from an API that refuses every token. The first refusal allows a
 * renewal at once. When token after token is refused soon after its renewal, each further renewal has to wait longer.
 */
export class Refusals extends Backoff {
  /** When a refusal last led to a renewal. */
  #renewed: Moment | undefined;
  #inARow = 0;

  /** Call once for each token that is refused. @param lifetime - that of the token, in milliseconds. */
  refused(lifetime: number): void {
    const since = this.#renewed;
    if (since === undefined) return;
    const delay = this.#inARow < forgiven ? 0 : Math.min(second * 2 ** (this.#inARow - forgiven + 1), 50 * second);
    // A renewed token that worked for a while was worth its request: this refusal starts a new row.
    const soon = elapsedSince(since, this.timing.clock) < Math.max(Math.min(10 * second, lifetime / 4), 2 * delay);
    this.#inARow = soon ? this.#inARow + 1 : 0;
    if (!soon) return;
    const message = 'the API refuses tokens that were only just issued';
    this.wait(new TokenError('ERR_TOKEN_REJECTED', message, { transient: true }), delay, since);
  }

  /** @param inVain - the lifetime of a token that the renewal brought once more: that counts as one more refusal. */
  renewed(inVain: number | undefined): void {
    this.#renewed = momentOf(this.timing.clock);
    if (inVain !== undefined) this.refused(inVain);
  }
}
