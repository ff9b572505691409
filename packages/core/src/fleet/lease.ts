import { elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import type { Settings } from '../source/settings.ts';
import type { StoreEntry } from './store-entry.ts';

/** The right to make the one token request of a fleet, for a while. */
export class Lease {
  readonly #entry: StoreEntry;
  readonly #settings: Settings;
  readonly #owner: string = crypto.randomUUID();
  readonly #duration: number;
  /** Since when it is held, or may be: a store that did not answer in time may have given it all the same. */
  #since: Moment | undefined;

  /** @param duration - in milliseconds. */
  constructor(entry: StoreEntry, settings: Settings, duration: number) {
    this.#entry = entry;
    this.#settings = settings;
    this.#duration = Math.max(1, Math.round(duration));
  }

  /** Whether it is held, and can be nobody else's by now. */
  get lasts(): boolean {
    return this.#since !== undefined && elapsedSince(this.#since, this.#settings.clock) < this.#duration;
  }

  async take(signal: AbortSignal): Promise<boolean> {
    this.#since = momentOf(this.#settings.clock);
    const taken = await this.#entry.lease(this.#owner, this.#duration, signal);
    if (!taken) this.#since = undefined;
    return taken;
  }

  /** Nobody waits for this: the lease ends by itself, too. */
  release(): void {
    if (this.#since === undefined) return;
    this.#since = undefined;
    // A failure is an event, and the end of the lease comes a little later.
    this.#entry.release(this.#owner).catch(() => {});
  }
}
