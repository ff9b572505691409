import { Opaque } from '../common/opaque.ts';
import type { Fleet } from '../lifecycle/acquirer.ts';
import type { AcquisitionContext } from '../lifecycle/acquisition.ts';
import type { RequestedToken } from '../lifecycle/token-parameters.ts';

/**
 * Where the processes of a fleet share their tokens. `redisStore` of `@tokenline/redis` is one for Redis; for another database,
 * write your own and pass it to {@link sharedStore}. The source does the rest: it decides what is stored and for how long,
 * which of the processes makes the token request, and who waits.
 *
 * - Keys are hashes. They hold no credential, and nothing that a database would have to escape.
 * - Values are opaque text of a few kilobytes **in which tokens can be read**: encrypt them, or control who has access.
 * - A value names its key: one that was copied or moved to another key is not believed. One that is longer than 256 kB is not
 *   even parsed; where others can write to the database, ask it for the length before you ask for the value.
 * - A method fails by rejecting. If it fails or takes too long, the source goes on without the store, and emits an event. The
 *   error is neither kept nor passed on; its `code`, if it has one, is part of the event.
 * - When an entry cannot be read (because it was encrypted with another key, say), `get` rejects with an error whose `code`
 *   is `ERR_STORE_ENTRY`: the processes still take turns, and the next token replaces the entry.
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
   * Takes the lease of a key, unless another owner has it: `true` for one of all that ask at once, on whatever host. It
   * expires after `duration`, so that an owner that dies keeps nobody waiting. Leases and values are independent.
   *
   * @param owner - a text that nobody else uses.
   * @param duration - in milliseconds, a positive integer.
   */
  lease(key: string, owner: string, duration: number): Promise<boolean>;
  /** Releases the lease of a key if this owner still has it; otherwise it does nothing. Comparing and deleting are one step. */
  release(key: string, owner: string): Promise<void>;
  /**
   * How many milliseconds each of these may take before the source goes on without the store.
   * @defaultValue 500
   */
  readonly timeout?: number | undefined;
  /**
   * Whether nobody else can write what `get` returns: because the values are encrypted, or because nobody else has access.
   * Only then do processes believe each other that the server gives no tokens, so that they do not all ask a server that
   * is down.
   * @defaultValue `false`
   */
  readonly authentic?: boolean | undefined;
}

/** What {@link TokenStore.get} found. */
export interface StoredValue {
  /** The text that `set` was called with. */
  readonly value: string;
  /**
   * How many milliseconds of its lifetime are left, by the store's own clock. Without it, the age of a token depends on
   * the wall clocks of the hosts alone, and a token is not believed whose writer's clock is more than 30 seconds ahead.
   */
  readonly lifetime?: number | undefined;
}

/** A store that processes share, as {@link sharedStore} or `redisStore` of `@tokenline/redis` makes it. */
export interface SharedStore {
  /** The store itself. */
  readonly store: TokenStore;
}

/** What a fleet needs of the source that it belongs to. */
export type FleetContext = Pick<AcquisitionContext, 'clock' | 'random' | 'events' | 'timeout'>;

/** All that shapes the request for a token: processes share a token where this is equal. */
export type ShapeOf = (parameters: RequestedToken) => Promise<readonly unknown[]>;

/** Where the tokens of a source come from, as far as its fleet must know. */
export interface FleetOrigin {
  readonly shapeOf: ShapeOf;
  /** Where tokens are bound to a key. Unless it is `required`, its source makes do with others. */
  readonly prover: { readonly required: boolean } | undefined;
}

/** What is behind a {@link SharedStore}. It brings the code of the fleet, so that a source without a store does not. */
interface JoinableStore {
  readonly join: (context: FleetContext, origin: FleetOrigin) => Fleet;
}

export const sharedStores: Opaque<JoinableStore> = /* @__PURE__ */ new Opaque(
  'SharedStore',
  'redisStore() or sharedStore(yourStore)',
);
