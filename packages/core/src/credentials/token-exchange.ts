import type { Credential } from './credential.ts';
import { invalidOption } from '../common/errors.ts';
import { grantOf, type TokenGrant } from './grant.ts';

/** The options of {@link tokenExchange}. Types are URIs such as `urn:ietf:params:oauth:token-type:access_token`. */
export interface TokenExchangeOptions {
  /** The token of whom the new token is for, or what reads it, at every token request. */
  readonly subjectToken: Credential;
  /** What kind of token that is. */
  readonly subjectTokenType: string;
  /** The token of who acts for that subject, where it is not the client itself. */
  readonly actorToken?: Credential | undefined;
  /** What kind of token that is: required with {@link actorToken}. */
  readonly actorTokenType?: string | undefined;
  /** What kind of token is wanted. @defaultValue what the server thinks fit */
  readonly requestedTokenType?: string | undefined;
}

/**
 * Exchanges a token for one that this client may use. `resource`, `audience` and `scope` are options of the source. One
 * source is for one subject: its tokens are kept and shared whoever asks.
 *
 * @example
 * ```ts
 * createTokenSource({
 *   ...client,
 *   grant: tokenExchange({ subjectToken, subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token' }),
 * });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when a token is malformed, or goes without its type.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1 | RFC 8693 §2.1}
 */
export function tokenExchange(options: TokenExchangeOptions): TokenGrant {
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType } = options ?? {};
  if (subjectToken === undefined) throw invalidOption('tokenExchange needs a subjectToken');
  if (subjectTokenType === undefined) throw invalidOption('tokenExchange needs a subjectTokenType');
  if ((actorToken === undefined) !== (actorTokenType === undefined))
    throw invalidOption('actorToken and actorTokenType go together');
  return grantOf('urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: subjectToken,
    subject_token_type: subjectTokenType,
    actor_token: actorToken,
    actor_token_type: actorTokenType,
    requested_token_type: requestedTokenType,
  });
}
