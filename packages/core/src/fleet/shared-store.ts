import { invalidOption } from '../common/errors.ts';
import type { Settings } from '../source/settings.ts';
import { SharedAcquisition } from './shared-acquisition.ts';
import type { SharedStore, TokenStore } from './token-store.ts';

/** What stands behind a {@link SharedStore}. */
export interface AcquiringStore extends SharedStore {
  /** What acquires the tokens of one client together with the fleet. */
  acquisition(settings: Settings): SharedAcquisition;
}

/**
 * Shares the tokens of a fleet through a store of your own: all processes together make one token request. `redisStore` of
 * `@tokenline/redis` is this for Redis.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientSecret, store: sharedStore(store) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) where it is no {@link TokenStore}.
 */
export function sharedStore(store: TokenStore): SharedStore {
  const { get, set, lease, release, timeout = 0 } = (store ?? {}) as Partial<TokenStore>;
  if ([get, set, lease, release].some((method) => typeof method !== 'function')) {
    throw invalidOption('sharedStore takes a store that has the functions get, set, lease and release');
  }
  if (!(typeof timeout === 'number' && timeout >= 0 && timeout <= 2_147_483_647)) {
    throw invalidOption('the timeout of a store must be a number of milliseconds from 0 to 2147483647');
  }
  const shared: AcquiringStore = { store, acquisition: (settings) => new SharedAcquisition(settings, store) };
  return shared;
}
