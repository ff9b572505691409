import type { TokenError } from '../common/errors.ts';
import type { HeldToken } from './held-token.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import type { RequestedToken } from './token-parameters.ts';

/** The token that a lifecycle wants. */
export interface Demand {
  readonly parameters: RequestedToken;
  /** The token that is to be replaced. */
  readonly held: HeldToken | undefined;
  /** The value of a token that an API refused: it is of no use, wherever it comes from. */
  readonly rejected: string | undefined;
  /** The claims that an API wants the token to have, as JSON. */
  readonly claims: string | undefined;
}

/** Where tokens come from: an OAuth token endpoint, or a function of the user's. All of the lifecycle goes by this interface. */
export interface Acquirer {
  /** Names the origin of the tokens in messages. */
  readonly name: string;
  /**
   * Reads the credentials for one acquisition as they are now.
   *
   * @throws TokenError when they cannot be read, or the reason of the signal.
   */
  prepare(signal: AbortSignal): Promise<PreparedRequest>;
  /** Whether a failure would also befall tokens for other parameters. */
  concernsAll(error: TokenError): boolean;
  /** Whether new credentials, which may be there by now, could put a failure right. */
  mayBeOutdated(error: TokenError): boolean;
  /**
   * Makes a token worthless; `false` where that is not possible.
   *
   * @throws TokenError when it fails or takes too long.
   */
  revoke?(token: string): Promise<boolean>;
  /** Waits for what goes on although nobody waits for its token. */
  ended?(): Promise<unknown>;
}

/** Credentials that have been read, ready for use. */
export interface PreparedRequest {
  /** Whether the request that failed so presented other credentials. */
  isNew(failure: TokenError): boolean;
  /** @throws TokenError, or the reason of the signal. */
  send(demand: Demand, signal: AbortSignal): Promise<IssuedToken>;
}

/** Shares tokens with other processes. */
export interface Fleet {
  /**
   * Takes the token of another process, or calls `request`.
   *
   * @throws what `request` throws, or the reason of the signal.
   */
  acquire(
    demand: Demand,
    request: (signal: AbortSignal) => Promise<IssuedToken>,
    signal: AbortSignal,
  ): Promise<SharedToken>;
  /** From now on, this token is never taken from another process. */
  revoked(value: string): void;
}

/** A token, and whether another process requested it. */
export interface SharedToken {
  readonly issued: IssuedToken;
  readonly adopted?: boolean;
}
