import { type Clock, elapsedSince, momentOf } from '../common/clock.ts';
import type { Events, StoreFailureReason, StoreOperation } from '../common/events.ts';
import { memberOf } from '../common/own.ts';
import { untilAborted, withDeadline } from '../common/waiting.ts';
import { lifeLeft } from '../lifecycle/held-token.ts';
import { type IssuedToken, marginOf } from '../common/issued-token.ts';
import { type Expected, readStoredToken, writeStoredToken } from './stored-token.ts';
import { outcomeOf, report } from './store-report.ts';
import type { TokenStore } from './token-store.ts';

/** The store does not help now: whoever asked it goes on alone. */
export class StoreFailure extends Error {}

/** Where an entry gets the time, and where its events go. */
interface EntryContext {
  readonly clock: Clock;
  readonly events: Events;
}

/** What an entry is to hold. */
interface Wanted extends Omit<Expected, 'key'> {
  readonly scope: string | undefined;
  readonly key: Promise<string>;
}

/** One key of a store. Each operation ends in time, or fails. */
export class StoreEntry {
  readonly clock: Clock;
  readonly #events: Events;
  readonly #store: TokenStore;
  readonly #wanted: Wanted;

  constructor({ clock, events }: EntryContext, store: TokenStore, wanted: Wanted) {
    this.clock = clock;
    this.#events = events;
    this.#store = store;
    this.#wanted = wanted;
    // Whoever uses the key learns of its failure.
    wanted.key.catch(() => {});
  }

  /** The token that is there, unless its life is as good as over. */
  async read(signal: AbortSignal): Promise<IssuedToken | undefined> {
    const asked = momentOf(this.clock);
    const issued = await this.get((found, key) => readStoredToken(found, { ...this.#wanted, key }, asked), signal);
    return issued !== undefined && lifeLeft(issued, this.clock) > marginOf(issued.lifetime) ? issued : undefined;
  }

  /** Stores a token, unless its life is over. */
  async write(issued: IssuedToken, signal: AbortSignal): Promise<void> {
    const left = Math.floor(lifeLeft(issued, this.clock));
    if (left >= 1) await this.set((key) => writeStoredToken(issued, key), left, signal);
  }

  /** What is there, unless it is nothing. @param read - throws an error with `ERR_STORE_ENTRY` for what it cannot read. */
  get<T>(read: (found: unknown, key: string) => T, signal?: AbortSignal): Promise<T | undefined> {
    const find = async (key: string): Promise<T | undefined> => {
      const found = await this.#store.get(key);
      return found === undefined ? undefined : read(found, key);
    };
    return this.#inTime('get', find, signal);
  }

  set(write: (key: string) => string, lifetime: number, signal?: AbortSignal): Promise<void> {
    return this.#inTime('set', (key) => this.#store.set(key, write(key), lifetime), signal);
  }

  async lease(owner: string, duration: number, signal: AbortSignal): Promise<boolean> {
    return (await this.#inTime('lease', (key) => this.#store.lease(key, owner, duration), signal)) === true;
  }

  release(owner: string): Promise<void> {
    return this.#inTime('release', (key) => this.#store.release(key, owner));
  }

  failed(operation: StoreOperation, reason: StoreFailureReason, code?: string): void {
    this.#events.emit(this.#wanted.scope, { type: 'store-failed', operation, reason, code });
  }

  /** @throws StoreFailure, or the reason of the signal. */
  async #inTime<T>(
    operation: StoreOperation,
    work: (key: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const late = new StoreFailure();
    const { origin } = this.#events;
    const begin = async (): Promise<T> => work(await this.#wanted.key);
    try {
      const result = await this.#await(begin, late, signal);
      report(origin, operation, outcomeOf(operation, result));
      return result;
    } catch (error) {
      if (signal?.aborted) {
        report(origin, operation, 'aborted');
        throw signal.reason;
      }
      const code = codeOf(error);
      // That is a miss: the next token replaces the entry.
      const unreadable = operation === 'get' && code === 'ERR_STORE_ENTRY';
      const reason = error === late ? 'timeout' : unreadable ? 'unreadable' : 'error';
      report(origin, operation, reason);
      this.failed(operation, reason, code);
      if (unreadable) return undefined;
      throw late;
    }
  }

  /**
   * Waits as long as a store may take. Where that took longer than it should, this process was slow itself and can say nothing
   * of the store: it waits again, until four times as long is over. There must be time left for a request without the store.
   *
   * @throws `late`, or the reason of the signal.
   */
  async #await<T>(begin: () => Promise<T>, late: StoreFailure, signal: AbortSignal | undefined): Promise<T> {
    const { clock } = this;
    const timeout = memberOf(this.#store, 'timeout') ?? 500;
    let answer: Promise<T> | undefined;
    const wait = (end: AbortSignal): Promise<T> => untilAborted((answer ??= begin()), end);
    const asked = momentOf(clock);
    for (;;) {
      const began = momentOf(clock);
      try {
        return await withDeadline({ clock, timeout }, () => late, wait, signal);
      } catch (error) {
        const again = elapsedSince(began, clock) >= 1.1 * timeout && elapsedSince(asked, clock) < 4 * timeout;
        if (error !== late || !again) throw error;
      }
    }
  }
}

/** The rest of an error stays here: that of a Redis client may hold whatever it was asked to send. */
function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,40}$/.test(code) ? code : undefined;
}
