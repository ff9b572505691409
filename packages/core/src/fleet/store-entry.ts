import { elapsedSince, momentOf } from '../common/clock.ts';
import { withDeadline } from '../common/deadline.ts';
import type { StoreOperation } from '../common/events.ts';
import type { Settings } from '../source/settings.ts';
import { readStoredToken, skewMargin, writeStoredToken } from './stored-token.ts';
import type { StoredValue, TokenStore } from './token-store.ts';
import type { Grant } from '../server/token-response.ts';
import { untilAborted } from '../common/until-aborted.ts';

/** The store is of no help now: whoever asked it goes on alone. */
export class StoreFailure extends Error {}

/** One key of a store: in time, or not at all. */
export class StoreEntry {
  readonly #settings: Settings;
  readonly #store: TokenStore;
  readonly #scope: string | undefined;
  readonly #key: Promise<string>;

  constructor(settings: Settings, store: TokenStore, scope: string | undefined, key: Promise<string>) {
    this.#settings = settings;
    this.#store = store;
    this.#scope = scope;
    this.#key = key;
    // Whoever uses the key learns of its failure.
    key.catch(() => {});
  }

  /** The token that is there, unless its life is as good as over. */
  async read(signal: AbortSignal): Promise<Grant | undefined> {
    const asked = momentOf(this.#settings.clock);
    const found = await this.#inTime('get', (key) => this.#store.get(key), signal, isUnreadable);
    if (found === undefined) return undefined;
    const { value, lifetime } = (found ?? {}) as Partial<StoredValue>;
    const grant = typeof value === 'string' ? readStoredToken(value, lifetime, asked) : undefined;
    if (grant === undefined) this.#failed('get', 'unreadable');
    return grant !== undefined && this.#left(grant) > skewMargin(grant) ? grant : undefined;
  }

  /** Stores a token, unless it is over. */
  async write(grant: Grant, signal: AbortSignal): Promise<void> {
    const lifetime = Math.floor(this.#left(grant));
    if (lifetime < 1) return;
    await this.#inTime('set', (key) => this.#store.set(key, writeStoredToken(grant), lifetime), signal);
  }

  async lease(owner: string, duration: number, signal: AbortSignal): Promise<boolean> {
    return (await this.#inTime('lease', (key) => this.#store.lease(key, owner, duration), signal)) === true;
  }

  release(owner: string): Promise<void> {
    return this.#inTime('release', (key) => this.#store.release(key, owner));
  }

  /** Tells whoever watches why this process goes on alone. */
  gaveUp(): void {
    this.#failed('lease', 'busy');
  }

  #left({ start, lifetime }: Grant): number {
    return lifetime - elapsedSince(start, this.#settings.clock);
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
    try {
      const timeout = this.#store.timeout ?? 500;
      return await withDeadline(
        timeout,
        () => late,
        (deadline) => untilAborted(begin(), deadline),
        signal,
      );
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const ignored = mayIgnore?.(error) === true;
      this.#failed(operation, error === late ? 'timeout' : ignored ? 'unreadable' : 'error', error);
      if (ignored) return undefined;
      throw late;
    }
  }

  #failed(operation: StoreOperation, reason: 'timeout' | 'error' | 'unreadable' | 'busy', error?: unknown): void {
    const { code } = (error ?? {}) as { code?: unknown };
    // The error itself stays here: a client's may hold whatever it was asked to send.
    const shown = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,40}$/.test(code) ? code : undefined;
    this.#settings.events.emit(this.#scope, { type: 'store-failed', operation, reason, code: shown });
  }
}

function isUnreadable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_STORE_ENTRY';
}
