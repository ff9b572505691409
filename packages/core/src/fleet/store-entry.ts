import { type Clock, elapsedSince, type Moment, momentOf, startTimer } from '../common/clock.ts';
import type { Events, StoreFailureReason, StoreOperation } from '../common/events.ts';
import { untilAborted, withDeadline } from '../common/waiting.ts';
import { lifeLeft } from '../lifecycle/held-token.ts';
import { type IssuedToken, marginOf } from '../common/issued-token.ts';
import { readStoredToken, writeStoredToken } from './stored-token.ts';
import type { TokenStore } from './token-store.ts';

/** The store does not help now: whoever asked it goes on alone. */
export class StoreFailure extends Error {}

/** Where an entry gets the time, and where its events go. */
interface EntryContext {
  readonly clock: Clock;
  readonly events: Events;
}

/** One key of a store. Each operation ends in time, or fails. */
export class StoreEntry {
  readonly clock: Clock;
  readonly #events: Events;
  readonly #store: TokenStore;
  readonly #scope: string | undefined;
  readonly #key: Promise<string>;

  constructor({ clock, events }: EntryContext, store: TokenStore, scope: string | undefined, key: Promise<string>) {
    this.clock = clock;
    this.#events = events;
    this.#store = store;
    this.#scope = scope;
    this.#key = key;
    // Whoever uses the key learns of its failure.
    key.catch(() => {});
  }

  /** The token that is there, unless its life is as good as over. */
  async read(signal: AbortSignal): Promise<IssuedToken | undefined> {
    const asked = momentOf(this.clock);
    const found = await this.#inTime('get', (key) => this.#store.get(key), signal, isUnreadable);
    if (found === undefined) return undefined;
    const { value, lifetime } = (found ?? {}) as Partial<typeof found>;
    const issued = typeof value === 'string' ? readStoredToken(value, lifetime, asked) : undefined;
    if (issued === undefined) this.failed('get', 'unreadable');
    return issued !== undefined && lifeLeft(issued, this.clock) > marginOf(issued.lifetime) ? issued : undefined;
  }

  /** Stores a token, unless its life is over. */
  async write(issued: IssuedToken, signal: AbortSignal): Promise<void> {
    const left = Math.floor(lifeLeft(issued, this.clock));
    if (left >= 1) await this.#inTime('set', (key) => this.#store.set(key, writeStoredToken(issued), left), signal);
  }

  async lease(owner: string, duration: number, signal: AbortSignal): Promise<boolean> {
    return (await this.#inTime('lease', (key) => this.#store.lease(key, owner, duration), signal)) === true;
  }

  release(owner: string): Promise<void> {
    return this.#inTime('release', (key) => this.#store.release(key, owner));
  }

  failed(operation: StoreOperation, reason: StoreFailureReason, error?: unknown): void {
    const { code } = (error ?? {}) as { code?: unknown };
    // The error itself stays here: that of a Redis client may hold whatever it was asked to send.
    const shown = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,40}$/.test(code) ? code : undefined;
    this.#events.emit(this.#scope, { type: 'store-failed', operation, reason, code: shown });
  }

  /** @throws StoreFailure, or the reason of the signal. */
  async #inTime<T>(
    operation: StoreOperation,
    work: (key: string) => Promise<T>,
    signal?: AbortSignal,
    mayIgnore?: (error: unknown) => boolean,
  ): Promise<T | undefined> {
    const late = new StoreFailure();
    const begin = async (): Promise<T> => work(await this.#key);
    const inTime = (deadline: AbortSignal): Promise<T> => untilAborted(begin(), deadline);
    try {
      const limit = { clock: inSlices(this.clock), timeout: this.#store.timeout ?? 500 };
      return await withDeadline(limit, () => late, inTime, signal);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const ignored = mayIgnore?.(error) === true;
      this.failed(operation, error === late ? 'timeout' : ignored ? 'unreadable' : 'error', error);
      if (ignored) return undefined;
      throw late;
    }
  }
}

/**
 * A clock whose timers run in four slices. A process that is short of CPU finds all of its timers due at once, and the answer of
 * the store unread: so it has a turn to read it, and does not take its own slowness for that of the store.
 */
function inSlices(clock: Clock): Clock {
  const start = (callback: () => void, duration: number, left = 4): (() => void) => {
    let cancel = startTimer(
      clock,
      () => {
        if (left === 1) callback();
        else cancel = start(callback, duration, left - 1);
      },
      duration / 4,
    );
    return () => cancel();
  };
  return { now: () => clock.now(), monotonic: () => clock.monotonic(), startTimer: start };
}

function isUnreadable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_STORE_ENTRY';
}

/** The right to make the one token request of a fleet, for a while. */
export class Lease {
  readonly #entry: StoreEntry;
  readonly #owner: string = crypto.randomUUID();
  readonly #duration: number;
  /** How often it was asked for. Whoever asks again is not the only one at work. */
  tries = 0;
  /** Since when it is held, or may be: a store that did not answer in time may have given it all the same. */
  #since: Moment | undefined;

  /** @param duration - in milliseconds. */
  constructor(entry: StoreEntry, duration: number) {
    this.#entry = entry;
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
