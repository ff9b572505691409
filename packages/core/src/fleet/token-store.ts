/**
 * Where the processes of a fleet share what they acquired. `redisStore` of `@tokenline/redis` has one for Redis; write your
 * own for another engine, and give it to {@link sharedStore}. There is not much to it, because the source does the rest:
 * it decides what is stored and for how long, which of the processes makes the token request, and who waits.
 *
 * - Keys are hashes. They hold neither a credential nor anything that an engine would have to escape.
 * - Values are opaque text of a few kilobytes **in which tokens can be read**: encrypt them, or be sure who has access.
 * - Every method may fail, by a rejection, or take its time: the source goes on without the store and says so in an
 *   event. An error is neither kept nor passed on; its `code`, where it looks like one, is part of the event.
 * - An entry that is there and cannot be read (encrypted with another key, say) is a rejection of `get` whose error has
 *   the `code` `ERR_STORE_ENTRY`: the processes still take turns, and the next token replaces the entry.
 */
export interface TokenStore {
  /** The value that was set last, unless its lifetime is over. */
  get(key: string): Promise<StoredValue | undefined>;
  /**
   * Keeps a value, in place of any other, for no longer than its lifetime.
   * @param lifetime - in milliseconds, a positive integer.
   */
  set(key: string, value: string, lifetime: number): Promise<void>;
  /**
   * Takes the lease of a key, unless somebody has it: `true` for one of all who ask at once, on whatever host. It ends by
   * itself after `duration`, so that an owner that dies keeps nobody waiting. Leases and values do not touch each other.
   *
   * @param owner - a text that nobody else uses.
   * @param duration - in milliseconds, a positive integer.
   */
  lease(key: string, owner: string, duration: number): Promise<boolean>;
  /** Gives the lease of a key back, if it is still this owner's; else it does nothing. Looking and deleting are one step. */
  release(key: string, owner: string): Promise<void>;
  /**
   * How many milliseconds each of these may take until the source goes on without the store.
   * @defaultValue 500
   */
  readonly timeout?: number | undefined;
}

/** What {@link TokenStore.get} found. */
export interface StoredValue {
  readonly value: string;
  /**
   * How many milliseconds of its lifetime are left, by the store's own clock. Without it the age of a token is judged by
   * the wall clocks of the hosts alone.
   */
  readonly lifetime?: number | undefined;
}

/** A store that is shared by a fleet, as {@link sharedStore} or `redisStore` of `@tokenline/redis` makes it. */
export interface SharedStore {
  /** The store that is shared. */
  readonly store: TokenStore;
}
