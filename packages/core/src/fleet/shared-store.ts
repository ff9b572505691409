import { invalidOption } from '../common/errors.ts';
import { readDuration } from '../common/options.ts';
import { memberOf } from '../common/own.ts';
import { SharedAcquisition } from './shared-acquisition.ts';
import { type SharedStore, sharedStores, type TokenStore } from './token-store.ts';

/**
 * Shares the tokens of a fleet through a store of your own: all processes together make one token request. `redisStore` of
 * `@tokenline/redis` does this for Redis.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientSecret, store: sharedStore(store) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when it is not a {@link TokenStore}.
 */
export function sharedStore(store: TokenStore): SharedStore {
  const { get, set, lease, release } = (store ?? {}) as Partial<TokenStore>;
  if ([get, set, lease, release].some((method) => typeof method !== 'function'))
    throw invalidOption('sharedStore takes a store that has the functions get, set, lease and release');
  readDuration('the timeout of a store', memberOf(store, 'timeout'));
  return sharedStores.hide({ store }, { join: (context, origin) => new SharedAcquisition(context, store, origin) });
}
