import type { AccessToken } from '../common/access-token.ts';
import { TokenError } from '../common/errors.ts';
import { type EventOrigin, Events } from '../common/events.ts';
import { LruCache } from '../common/lru-cache.ts';
import { readOptions } from '../common/options.ts';
import { SingleFlight } from '../common/single-flight.ts';
import type { ShapeOf } from '../fleet/token-store.ts';
import type { Acquirer } from '../lifecycle/acquirer.ts';
import { Health } from '../lifecycle/health.ts';
import { type LifecycleContext, TokenLifecycle } from '../lifecycle/token-lifecycle.ts';
import {
  type GetTokenOptions,
  parameterNames,
  readTokenParameters,
  type RequestedToken,
  type TokenParameters,
  withOptions,
} from '../lifecycle/token-parameters.ts';
import type { SourceSettings } from './read-options.ts';
import { asyncDispose, type ClientTokenSource, type SourceInternals, tokenSources } from './token-source.ts';

/** Where the tokens of a source come from. */
export interface TokenOrigin extends Omit<SourceInternals, 'emit' | 'holds'> {
  readonly acquirer: Acquirer;
  /** What events say of it. */
  readonly name: EventOrigin;
  readonly shapeOf: ShapeOf;
  /** Throws for the name of a parameter that is not the user's to set. */
  readonly assertFree: (name: string) => void;
}

/** All tokens of one acquirer, each with a life of its own. */
class Tokens {
  readonly origin: TokenOrigin;
  readonly context: LifecycleContext;
  readonly allowInsecureRequests: boolean;
  readonly cache: LruCache<RequestedToken, TokenLifecycle>;
  #disposed: TokenError | undefined;

  constructor(origin: TokenOrigin, settings: SourceSettings) {
    const { clock, onEvent, join, maxCachedTokens, allowInsecureRequests } = settings;
    const events = new Events(clock, origin.name, onEvent);
    const fleet = join?.({ ...settings, events }, origin);
    const context = {
      ...settings,
      events,
      fleet,
      acquirer: origin.acquirer,
      health: new Health(settings),
      flights: new SingleFlight(settings),
      waiting: new Set(),
    };
    this.origin = origin;
    this.context = context as LifecycleContext;
    this.allowInsecureRequests = allowInsecureRequests;
    this.cache = new LruCache(maxCachedTokens, (token) => new TokenLifecycle(this.context, token));
  }

  getToken(parameters: RequestedToken, options: GetTokenOptions): Promise<AccessToken> {
    return this.#disposed ? Promise.reject(this.#disposed) : this.cache.get(parameters).getToken(options);
  }

  refuse(parameters: RequestedToken, value: string): void {
    if (!this.#disposed) this.cache.get(parameters).refuse(value);
  }

  /** Drops the tokens of these parameters, or all: a request that is under way goes on, but its token is not kept. */
  drop(parameters?: RequestedToken): TokenLifecycle[] {
    return this.cache.take(parameters);
  }

  async revoke(parameters?: RequestedToken): Promise<void> {
    const { acquirer, events, fleet, flights } = this.context;
    const dropped = this.drop(parameters);
    await flights.ended();
    const revocations = dropped.map(async (lifecycle) => {
      const { held } = lifecycle;
      if (held === undefined || held.phase === 'expired') return;
      fleet?.revoked(held.token.value);
      const atServer = (await acquirer.revoke?.(held.token.value)) ?? false;
      events.emit(lifecycle.parameters.scope, { type: 'revoked', atServer });
    });
    // All are tried before the first failure is reported.
    await Promise.allSettled(revocations);
    await Promise.all(revocations);
  }

  async close(): Promise<void> {
    const { acquirer, flights, waiting } = this.context;
    this.#disposed = new TokenError('ERR_TOKEN_REQUEST', 'the token source has been disposed of');
    this.drop();
    flights.abort(this.#disposed);
    for (const wait of waiting) wait.abort(this.#disposed);
    await flights.ended();
    await acquirer.ended?.();
  }
}

/** A source of tokens for one set of parameters. Sources that `with()` made share the tokens of the first one. */
class RenewingTokenSource implements ClientTokenSource {
  readonly #tokens: Tokens;
  readonly #requested: RequestedToken;
  /** Whether the tokens are this source's own, and not those of the source whose `with()` made it. */
  readonly #owner: boolean;

  constructor(tokens: Tokens, parameters: TokenParameters, owner: boolean) {
    this.#tokens = tokens;
    this.#requested = readTokenParameters(parameters, tokens.origin.assertFree);
    this.#owner = owner;
    const emit: SourceInternals['emit'] = (details) => tokens.context.events.emit(this.#requested.scope, details);
    const holds = (value: string): boolean => tokens.cache.some(({ held }) => held?.token.value === value);
    tokenSources.hide(this, { ...tokens.origin, emit, holds });
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    return withOptions(options, (own) => this.#tokens.getToken(this.#requested, own));
  }

  with(parameters: TokenParameters): ClientTokenSource {
    const own = Object.entries(readOptions('with()', parameters, parameterNames));
    const given = own.filter(([, value]) => value !== undefined);
    return new RenewingTokenSource(this.#tokens, { ...this.#requested, ...Object.fromEntries(given) }, false);
  }

  refuse(value: string): void {
    this.#tokens.refuse(this.#requested, value);
  }

  revoke(): Promise<void> {
    return this.#tokens.revoke(this.#owner ? undefined : this.#requested);
  }

  async [asyncDispose](): Promise<void> {
    if (this.#owner) return this.#tokens.close();
    this.#tokens.drop(this.#requested);
  }

  get allowInsecureRequests(): boolean {
    return this.#tokens.allowInsecureRequests;
  }
}

export function renewingTokenSource(
  origin: TokenOrigin,
  settings: SourceSettings,
  parameters: TokenParameters,
): ClientTokenSource {
  return new RenewingTokenSource(new Tokens(origin, settings), parameters, true);
}
