import { invalidOption } from '../common/errors.ts';
import { readOptions } from '../common/options.ts';
import type { Credential } from './credential.ts';
import { type TokenGrant, tokenGrant } from './grant.ts';

/** The options of {@link tokenExchange}. Types are URIs such as `urn:ietf:params:oauth:token-type:access_token`. */
export interface TokenExchangeOptions {
  /** The token of the subject that the new token is for, or a function that is called for every token request. */
  readonly subjectToken: Credential;
  /** The type of {@link subjectToken}. */
  readonly subjectTokenType: string;
  /** The token of the party that acts for the subject. @defaultValue none: the client itself acts */
  readonly actorToken?: Credential | undefined;
  /** The type of {@link actorToken}: required with it. */
  readonly actorTokenType?: string | undefined;
  /** The type of the token that is wanted. @defaultValue the server decides */
  readonly requestedTokenType?: string | undefined;
}

/**
 * Exchanges a token for one that this client may use. `resource`, `audience` and `scope` are options of the source. Use one
 * source for each subject: a source gives its tokens to whoever asks.
 *
 * @example
 * ```ts
 * createTokenSource({
 *   ...client,
 *   grant: tokenExchange({ subjectToken, subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token' }),
 * });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when a token is malformed or its type is missing, or an option does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1 | RFC 8693 §2.1}
 */
export function tokenExchange(options: TokenExchangeOptions): TokenGrant {
  const names = ['subjectToken', 'subjectTokenType', 'actorToken', 'actorTokenType', 'requestedTokenType'] as const;
  const own = readOptions('tokenExchange', options, names);
  const { subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType } = own;
  if (subjectToken === undefined) throw invalidOption('tokenExchange needs a subjectToken');
  if (subjectTokenType === undefined) throw invalidOption('tokenExchange needs a subjectTokenType');
  if ((actorToken === undefined) !== (actorTokenType === undefined))
    throw invalidOption('actorToken and actorTokenType go together');
  return tokenGrant('urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: subjectToken,
    subject_token_type: subjectTokenType,
    actor_token: actorToken,
    actor_token_type: actorTokenType,
    requested_token_type: requestedTokenType,
  });
}
