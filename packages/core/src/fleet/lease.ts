import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import type { StoreEntry } from './store-entry.ts';

/** The right to make the one token request of a fleet, for a while. */
export class Lease {
  readonly #entry: StoreEntry;
  readonly #owner: string;
  readonly #duration: number;
  /** How often it was asked for. Whoever asks again is not the only one at work. */
  tries = 0;
  /** Since when it is held, or may be: a store that did not answer in time may have given it all the same. */
  #since: Moment | undefined;

  /** @param duration - in milliseconds. */
  constructor(entry: StoreEntry, owner: string, duration: number) {
    this.#entry = entry;
    this.#owner = owner;
    this.#duration = Math.max(1, Math.round(duration));
  }

  /** Whether it is held, and no other process can have it by now. */
  get lasts(): boolean {
    return this.#since !== undefined && elapsedSince(this.#since, this.#entry.clock) < this.#duration;
  }

  async take(signal: AbortSignal): Promise<boolean> {
    this.tries++;
    this.#since = momentOf(this.#entry.clock);
    const taken = await this.#entry.lease(this.#owner, this.#duration, signal);
    if (!taken) this.#since = undefined;
    return taken;
  }

  /** Nobody waits for this: the lease also ends by itself. */
  release(): void {
    if (this.#since === undefined) return;
    this.#since = undefined;
    // A failure is an event, and the lease then ends a little later.
    this.#entry.release(this.#owner).catch(() => {});
  }
}
