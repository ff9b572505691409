import { type AuthenticationChoice, readAuthentication } from '../credentials/authentication-choice.ts';
import { type Clock, systemClock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';
import { Events } from '../common/events.ts';
import type { TokenSourceOptions } from './options.ts';
import type { Prover, ProvingKey } from '../credentials/proof-key.ts';
import { readCount, readDuration, readFunction, readMade, readUrl } from '../common/option-value.ts';
import { type ReadableGrant, readTokenGrant } from '../credentials/grant.ts';
import type { SharedStore } from '../fleet/token-store.ts';

/** {@link TokenSourceOptions} once they have been read: checked, copied, and with their defaults. */
export interface Settings extends AuthenticationChoice {
  /** The issuer, whose metadata names the token endpoint; or that endpoint itself. */
  readonly server: URL;
  readonly serverIs: 'issuer' | 'tokenEndpoint';
  readonly clientId: string;
  readonly grant: ReadableGrant;
  readonly refreshWindow: number | undefined;
  readonly expiryMargin: number | undefined;
  readonly timeout: number;
  readonly maxCachedTokens: number;
  readonly store: SharedStore | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: Events;
  /** Every URL that was sent a request so far: metadata documents and endpoints. */
  readonly ownUrls: Set<string>;
  readonly proofKey: Prover | undefined;
  readonly allowInsecureRequests: boolean;
}

const known: Record<keyof TokenSourceOptions, true> = {
  issuer: true,
  tokenEndpoint: true,
  clientId: true,
  clientSecret: true,
  clientAuthentication: true,
  grant: true,
  dpop: true,
  scope: true,
  resource: true,
  audience: true,
  parameters: true,
  refreshWindow: true,
  expiryMargin: true,
  timeout: true,
  maxCachedTokens: true,
  store: true,
  fetch: true,
  clock: true,
  random: true,
  onEvent: true,
  allowInsecureRequests: true,
};

/** @throws TypeError (`ERR_INVALID_OPTION`) naming the option and what to pass. */
export function readOptions(options: TokenSourceOptions): Settings {
  if (typeof options !== 'object' || options === null)
    throw invalidOption('createTokenSource takes an object of options');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name))
      throw invalidOption(`there is no option "${name}"; there are ${Object.keys(known).join(', ')}`);
  }
  const { clientId, allowInsecureRequests = false } = options;
  if (typeof allowInsecureRequests !== 'boolean') throw invalidOption('allowInsecureRequests must be true or false');
  if (typeof clientId !== 'string' || clientId === '')
    throw invalidOption('clientId is required: the identifier of this client');
  const authentication = readAuthentication(options);
  const grant = readTokenGrant(options.grant, options.store !== undefined);
  const clock = options.clock ?? systemClock;
  if (typeof clock.now !== 'function' || typeof clock.monotonic !== 'function') {
    throw invalidOption('clock must have the functions now() and monotonic(), both in milliseconds');
  }
  const { issuer, tokenEndpoint } = options;
  if ((issuer === undefined) === (tokenEndpoint === undefined)) {
    throw invalidOption('give either issuer, to find the token endpoint by discovery, or tokenEndpoint');
  }
  const serverIs = issuer === undefined ? 'tokenEndpoint' : 'issuer';
  const server = readUrl(serverIs, issuer ?? tokenEndpoint, allowInsecureRequests);
  return {
    server,
    serverIs,
    clientId,
    ...authentication,
    grant,
    refreshWindow: readDuration('refreshWindow', options.refreshWindow),
    expiryMargin: readDuration('expiryMargin', options.expiryMargin),
    timeout: readDuration('timeout', options.timeout, 1) ?? 10_000,
    maxCachedTokens: readCount('maxCachedTokens', options.maxCachedTokens) ?? 1_000,
    store: readMade(
      'store',
      options.store,
      'acquisition',
      'redisStore() or sharedStore() gives: wrap a store of your own in sharedStore()',
    ),
    // Looked up at every call, so that one that is installed later (a proxy's, a test's) is used.
    fetch: readFunction('fetch', options.fetch) ?? ((input, init) => globalThis.fetch(input, init)),
    clock,
    random: readFunction('random', options.random) ?? Math.random,
    events: new Events(clock, { clientId, server: server.href }, readFunction('onEvent', options.onEvent)),
    ownUrls: new Set(),
    proofKey: readMade(
      'dpop',
      options.dpop as ProvingKey | undefined,
      'prover',
      'proofKey() gives: pass dpop: proofKey()',
    )?.prover(clock),
    allowInsecureRequests,
  };
}
