import pMemoize from 'p-memoize';
import type { AccessToken } from './access-token.ts';
import type { TokenEventDetails } from './events.ts';
import { invalidOption } from './errors.ts';
import type { GetTokenOptions, TokenParameters, TokenSourceOptions } from './options.ts';
import type { ProofKey } from './proof-key.ts';
import type { Renewal } from './renewal.ts';
import { readOptions, type Settings } from './settings.ts';
import { TokenCache } from './token-cache.ts';
import { TokenEndpoint } from './token-endpoint.ts';
import { readTokenParameters, type TokenRequestParameters } from './token-parameters.ts';

/** Where access tokens come from. `getToken` alone makes one: an SDK or a test may bring its own. */
export interface TokenSource {
  /**
   * Gives a token that is valid now: at once where there is one, else as soon as the server has issued it. However many
   * ask together, the server is asked once.
   *
   * @throws TokenError when no token can be had; the reason of `signal` when that is aborted.
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken>;
  /**
   * The same client with another scope, resource, audience or parameters: what is given here replaces what this source
   * asks for, each property by itself. Metadata, secret and health are shared; the tokens are kept side by side.
   *
   * @throws TypeError (`ERR_INVALID_OPTION`) when a parameter is malformed.
   */
  with?(parameters: TokenParameters): TokenSource;
  /** Whether the tokens may travel over plain http to other hosts. @defaultValue `false` */
  readonly allowInsecureRequests?: boolean;
}

/** A {@link TokenSource} as {@link createTokenSource} makes it. */
export interface ClientTokenSource extends TokenSource {
  with(parameters: TokenParameters): ClientTokenSource;
  readonly allowInsecureRequests: boolean;
}

/** What the authorizer wants to know of a source beside its tokens. */
export interface SourceInternals {
  /** Publishes what befell a token of this source. */
  emit(details: TokenEventDetails): void;
  /** The URLs that the source itself sends requests to: these wait for no token, or it would wait for itself. */
  readonly ownUrls: ReadonlySet<string>;
  /** The key that its tokens are bound to. */
  readonly proofKey: ProofKey | undefined;
}

// Registered, so that two copies of core understand each other.
const internals: unique symbol = Symbol.for('tokenline.internals') as never;

/** What a source tells the authorizer: nothing, where it is a user's own. */
export function internalsOf(source: TokenSource): SourceInternals | undefined {
  return (source as { [internals]?: SourceInternals })[internals];
}

/**
 * Creates a source of access tokens for this client, using the client credentials grant.
 *
 * Nothing is sent until the first {@link TokenSource.getToken | getToken()}. From then on the source keeps one token: callers that
 * arrive together share one token request, an ageing token is renewed in the background while it is still handed out, and
 * a failed renewal is reported only to callers who no longer have a usable token.
 *
 * @example
 * ```ts
 * const source = createTokenSource({
 *   issuer: 'https://login.example.com',
 *   clientId: 'orders',
 *   clientSecret: process.env.CLIENT_SECRET,
 *   scope: 'orders.read orders.write',
 * });
 * const { value } = await source.getToken();
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is missing or contradicts another; thrown here, not by `getToken()`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 | RFC 6749 §4.4}
 */
export function createTokenSource(options: TokenSourceOptions): ClientTokenSource {
  const settings = readOptions(options);
  const run = pMemoize((renewal: Renewal) => renewal.run(), { cache: false });
  const cache = new TokenCache({ settings, endpoint: new TokenEndpoint(settings), run });
  const { scope, resource, audience, parameters } = options;
  return new CachedTokenSource(cache, { scope, resource, audience, parameters }, settings);
}

class CachedTokenSource implements ClientTokenSource {
  readonly #cache: TokenCache;
  readonly #options: TokenParameters;
  readonly #parameters: TokenRequestParameters;
  readonly #settings: Settings;

  constructor(cache: TokenCache, options: TokenParameters, settings: Settings) {
    this.#cache = cache;
    this.#parameters = readTokenParameters(options);
    // Read once: the lists in it are the caller's.
    this.#options = structuredClone(options);
    this.#settings = settings;
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    return this.#cache.lifecycle(this.#parameters).getToken(options);
  }

  with(parameters: TokenParameters): ClientTokenSource {
    if (typeof parameters !== 'object' || parameters === null)
      throw invalidOption('with() takes an object of parameters');
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const unknown = given.find(([name]) => !Object.hasOwn(this.#options, name));
    if (unknown !== undefined) {
      throw invalidOption(`with() takes ${Object.keys(this.#options).join(', ')}; there is no "${unknown[0]}"`);
    }
    return new CachedTokenSource(this.#cache, { ...this.#options, ...Object.fromEntries(given) }, this.#settings);
  }

  get allowInsecureRequests(): boolean {
    return this.#settings.allowInsecureRequests;
  }

  get [internals](): SourceInternals {
    const { events, ownUrls, proofKey } = this.#settings;
    return { emit: (details) => events.emit(this.#parameters.scope, details), ownUrls, proofKey };
  }
}
