import { Backoff, longest as longestWait } from '../common/backoff.ts';
import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import type { TokenError } from '../common/errors.ts';

const second = 1_000;
const longest = 50 * second;

/** How token requests have failed lately, and how long to wait for that reason. */
export class Health extends Backoff {
  #failures = 0;
  #failingSince: Moment | undefined;

  /** For how many milliseconds requests have failed. */
  get failingFor(): number {
    return this.#failingSince === undefined ? 0 : elapsedSince(this.#failingSince, this.timing.clock);
  }

  /** Forgets all failures; with an `error`, only if that was the latest. */
  clear(error: TokenError | undefined = this.error): void {
    if (error !== this.error) return;
    this.error = undefined;
    this.#failures = 0;
    this.#failingSince = undefined;
  }

  failed(error: TokenError): void {
    // Requests that were under way together fail together: that is one failure.
    if (this.blocked !== undefined) return;
    // After so long a silence, nobody knows whether it has failed all the time.
    if (this.idle > longestWait) this.clear();
    this.#failingSince ??= momentOf(this.timing.clock);
    // A server that asks for a wait of 0, or for one that is over, gets the usual wait.
    this.wait(error, error.retryAfter || delayAfter(this.#failures, this.failingFor, error.transient));
    this.#failures++;
  }
}

/**
 * The first waits are 0.25, 0.5 and 1 second; after that they are a third of the time that the outage has lasted, from
 * 1.65 to 50 seconds. A short outage ends soon, and a long one costs little. After a failure that somebody has to fix, such as
 * a refused secret, the waits are 10, 20, 40 and then 50 seconds.
 */
export function delayAfter(failures: number, failingFor: number, transient: boolean): number {
  const doubled = (transient ? second / 4 : 10 * second) * 2 ** failures;
  const least = transient ? Math.max(1.65 * second, failingFor / 3) : longest;
  return Math.min(doubled, least, longest);
}
