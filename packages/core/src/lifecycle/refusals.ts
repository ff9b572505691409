import { Backoff, type Timing } from '../common/backoff.ts';
import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import type { RefusalCounter } from './held-token.ts';

const second = 1_000;
/** How many refusals of a token that was only just renewed may still be revocations. */
const forgiven = 2;
/** How many APIs are told apart. */
const most = 16;

/**
 * Tells a revoked token, which a renewal puts right, from an API that refuses every token. The first refusal allows a
 * renewal at once. When token after token is refused soon after its renewal, each further renewal has to wait longer.
 */
export class Refusals extends Backoff implements RefusalCounter {
  /** When a refusal last led to a renewal. */
  #renewed: Moment | undefined;
  #inARow = 0;

  /** Whether the next refusal starts a new row, whatever the token. */
  get over(): boolean {
    return this.#renewed !== undefined && !this.#isSoonAfter(this.#renewed, 10 * second);
  }

  get #delay(): number {
    return this.#inARow < forgiven ? 0 : Math.min(second * 2 ** (this.#inARow - forgiven + 1), 50 * second);
  }

  #isSoonAfter(renewed: Moment, least: number): boolean {
    return elapsedSince(renewed, this.timing.clock) < Math.max(least, 2 * this.#delay);
  }

  /** Call once for each token that is refused. @param lifetime - that of the token, in milliseconds. */
  refused(lifetime: number): void {
    const since = this.#renewed;
    if (since === undefined) return;
    const delay = this.#delay;
    // A renewed token that worked for a while was worth its request: this refusal starts a new row.
    const soon = this.#isSoonAfter(since, Math.min(10 * second, lifetime / 4));
    this.#inARow = soon ? this.#inARow + 1 : 0;
    if (!soon) return;
    const message = 'the API refuses tokens that were only just issued';
    this.wait(new TokenError('ERR_TOKEN_REJECTED', message, { transient: true }), delay, since);
  }

  renewed(inVain: number | undefined): void {
    this.#renewed = momentOf(this.timing.clock);
    if (inVain !== undefined) this.refused(inVain);
  }
}

/** The refusals of each API, so that none holds up the renewal that another deserves. */
export class RefusalsByApi {
  readonly #timing: Timing;
  readonly #known: Map<string, Refusals> = new Map();

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /** @param api - its origin. Those that have none, or are too many, count as one: they cost no more requests than one does. */
  of(api = ''): Refusals {
    const known = this.#known.get(api);
    if (known !== undefined) return known;
    for (const [other, { over }] of this.#known) if (over) this.#known.delete(other);
    const name = this.#known.size < most ? api : '';
    const refusals = this.#known.get(name) ?? new Refusals(this.#timing);
    this.#known.set(name, refusals);
    return refusals;
  }
}
