import { builtin } from '../common/builtin.ts';
import { type Clock, systemClock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';
import { readBoolean, readCount, readDuration, readFunction, readOptions } from '../common/options.ts';
import { type FleetContext, type FleetOrigin, sharedStores } from '../fleet/token-store.ts';
import type { Fleet } from '../lifecycle/acquirer.ts';
import type { RenewalOptions } from '../lifecycle/held-token.ts';
import { parameterNames } from '../lifecycle/token-parameters.ts';
import type { SourceOptions } from './options.ts';

const names: readonly (keyof SourceOptions)[] = [
  ...parameterNames,
  'refreshWindow',
  'expiryMargin',
  'assumedLifetime',
  'timeout',
  'patience',
  'maxCachedTokens',
  'store',
  'clock',
  'random',
  'onEvent',
  'waitUntil',
  'allowInsecureRequests',
];

/** {@link SourceOptions} that have been checked, with their defaults. */
export interface SourceSettings extends RenewalOptions {
  readonly clock: Clock;
  readonly timeout: number;
  readonly patience: number;
  readonly assumedLifetime: number | undefined;
  readonly maxCachedTokens: number;
  readonly onEvent: SourceOptions['onEvent'];
  readonly waitUntil: SourceOptions['waitUntil'];
  readonly allowInsecureRequests: boolean;
  /** Joins the fleet, where there is a store. */
  readonly join: ((context: FleetContext, origin: FleetOrigin) => Fleet) | undefined;
}

/**
 * Reads the options that every source has, and copies all.
 *
 * @param owner - the function whose options they are, and `more`, the names of its own options.
 * @throws TypeError (`ERR_INVALID_OPTION`) naming the option and what to pass.
 */
export function readSourceOptions<T extends SourceOptions>(
  owner: string,
  options: T,
  more: readonly (keyof T & string)[],
): { readonly own: T; readonly settings: SourceSettings } {
  const own = readOptions(owner, options, [...more, ...names]);
  const { clock = systemClock } = own;
  if (typeof clock?.now !== 'function' || typeof clock.monotonic !== 'function')
    throw invalidOption('clock must have the functions now() and monotonic(), both in milliseconds');
  if (clock.startTimer !== undefined && typeof clock.startTimer !== 'function')
    throw invalidOption('startTimer of the clock must be a function');
  const timeout = readDuration('timeout', own.timeout, 1) ?? 10_000;
  const settings = {
    clock,
    random: readFunction('random', own.random) ?? Math.random,
    refreshWindow: readDuration('refreshWindow', own.refreshWindow),
    expiryMargin: readDuration('expiryMargin', own.expiryMargin),
    assumedLifetime: readDuration('assumedLifetime', own.assumedLifetime, 1),
    timeout,
    patience: readDuration('patience', own.patience) ?? timeout,
    maxCachedTokens: readCount('maxCachedTokens', own.maxCachedTokens) ?? 1_000,
    onEvent: readFunction('onEvent', own.onEvent),
    waitUntil: readFunction('waitUntil', own.waitUntil) ?? waitUntilOfRuntime(),
    allowInsecureRequests: readBoolean('allowInsecureRequests', own.allowInsecureRequests),
    join: sharedStores.read('store', own.store)?.join,
  };
  return { own, settings };
}

/** On Cloudflare Workers with Node's compatibility, core finds it by itself. */
function waitUntilOfRuntime(): SourceOptions['waitUntil'] {
  return builtin<{ waitUntil: SourceOptions['waitUntil'] }>('cloudflare:workers')?.waitUntil;
}
