import type { AccessToken } from '../common/access-token.ts';
import type { TokenEventDetails } from '../common/events.ts';
import type { GetTokenOptions, TokenParameters } from './options.ts';
import type { Prover } from '../credentials/proof-key.ts';

declare global {
  // Said here as well as in TypeScript's own library, which not every user has in a version that knows it.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

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
  /**
   * Gives up the tokens that are held, and makes them worthless where the server has a revocation endpoint in its metadata
   * (and takes access tokens there). A token request that is under way is waited for. Those of `with()` are included, but
   * a source that `with()` made revokes its own token only. Tokens that were replaced before run out by themselves; the
   * source itself goes on.
   *
   * @throws TokenError when a token could not be revoked; given up they are in any case.
   * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html | RFC 7009}
   */
  revoke(): Promise<void>;
  /**
   * Ends what is under way, gives up all tokens without revoking them, and serves no more. Made for `await using`. A
   * source that `with()` made only gives up its own token.
   */
  [Symbol.asyncDispose](): Promise<void>;
  readonly allowInsecureRequests: boolean;
}

/** What the authorizer wants to know of a source beside its tokens. */
export interface SourceInternals {
  /** Publishes what befell a token of this source. */
  emit(details: TokenEventDetails): void;
  /** The URLs that the source itself sends requests to: these wait for no token, or it would wait for itself. */
  readonly ownUrls: ReadonlySet<string>;
  /** The key that its tokens are bound to. */
  readonly proofKey: Prover | undefined;
}

// Registered, so that two copies of core understand each other.
export const internals: unique symbol = Symbol.for('tokenline.internals') as never;

/** What a source tells the authorizer: nothing, where it is a user's own. */
export function internalsOf(source: TokenSource): SourceInternals | undefined {
  return (source as { [internals]?: SourceInternals })[internals];
}
