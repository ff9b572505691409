import type { AccessToken, AnyToken } from '../common/access-token.ts';
import type { TokenEventDetails } from '../common/events.ts';
import { Opaque } from '../common/opaque.ts';
import { ownValue } from '../common/own.ts';
import { untilAborted } from '../common/waiting.ts';
import type { Prover } from '../credentials/prover.ts';
import type { GetTokenOptions, TokenParameters } from '../lifecycle/token-parameters.ts';

declare global {
  // Declared here as well as in TypeScript's own library, of which not every user has a version that knows it.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

// Not every runtime has it.
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** Where access tokens come from. A source of your own needs `getToken` alone, and its tokens their `value` alone. */
export interface TokenSource {
  /**
   * Returns a token that is valid now: at once if there is one, otherwise when one has been issued. Callers that wait at the
   * same time share one token request.
   *
   * @throws TokenError, with any of its codes, when no token can be acquired; the reason of `signal` when that is aborted.
   * Rejects, and does not throw at once.
   */
  getToken(options?: GetTokenOptions): Promise<AnyToken>;
  /**
   * The same client with another scope, resource, audience or parameters: each property that is given replaces that of this
   * source. Metadata, secret and health are shared; each set of parameters has a token of its own.
   *
   * @throws TypeError (`ERR_INVALID_OPTION`) when a parameter is malformed.
   */
  with?(parameters: TokenParameters): TokenSource;
  /** Whether the tokens may travel over plain http to other hosts. @defaultValue `false` */
  readonly allowInsecureRequests?: boolean;
}

/** A {@link TokenSource} as {@link createTokenSource} and {@link createCustomTokenSource} make it. */
export interface ClientTokenSource extends TokenSource {
  /** {@inheritDoc TokenSource.getToken} */
  getToken(options?: GetTokenOptions): Promise<AccessToken>;
  with(parameters: TokenParameters): ClientTokenSource;
  /**
   * Tells the source that an API refused a token, for clients that can only pull tokens and cannot pass `rejected` to
   * `getToken()`: if that is the current token, a renewal starts, and callers wait for it. Never throws; a failure is an event.
   */
  refuse(value: string): void;
  /**
   * Drops the tokens that are held, and revokes them if the options or the metadata name a revocation endpoint that accepts
   * access tokens; the tokens of a custom source are only dropped. The event `revoked` says which of the two happened. Waits
   * for a token request that is under way. The tokens of `with()` are included, but a source that `with()` made revokes only
   * its own token. Tokens that were replaced earlier are not revoked. The source can still be used.
   *
   * @throws TokenError (`ERR_TOKEN_REQUEST`, `ERR_TOKEN_TIMEOUT`, `ERR_OAUTH_RESPONSE`, or a code of discovery) when a token
   * could not be revoked; the tokens are dropped either way.
   * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html | RFC 7009}
   */
  revoke(): Promise<void>;
  /**
   * Ends what is under way and drops all tokens without revoking them; after that, `getToken()` rejects. Made for
   * `await using`. A source that `with()` made only drops its own token. Never rejects.
   */
  [Symbol.asyncDispose](): Promise<void>;
  readonly allowInsecureRequests: boolean;
}

/** What is behind a source of tokens: what the authorizer wants to know beside the tokens. */
export interface SourceInternals {
  /** Publishes what happened to a token of this source. */
  emit(details: TokenEventDetails): void;
  /** Whether a token is one that the source has now. A source of an older copy of core cannot tell. */
  holds?(value: string): boolean;
  /** The URLs that the source itself sends requests to. They carry no token, or the source would wait for itself. */
  readonly ownUrls: ReadonlySet<string>;
  /** The key that its tokens are bound to. */
  readonly prover: Prover | undefined;
}

export const tokenSources: Opaque<SourceInternals> = /* @__PURE__ */ new Opaque('TokenSource');

/** Asks a source for a token. One of the user's own may throw at once, return what is no promise, or ignore the signal. */
export function askFor(source: TokenSource, options?: GetTokenOptions): Promise<AnyToken> {
  if (tokenSources.behind(source) !== undefined) return source.getToken(options);
  const signal = options && ownValue(options, 'signal');
  const asked = (async () => {
    signal?.throwIfAborted();
    return source.getToken(options);
  })();
  return signal ? untilAborted(asked, signal) : asked;
}
