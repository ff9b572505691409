import { flawOf, isTokenText } from '../common/access-token.ts';
import type { Moment } from '../common/clock.ts';
import { OAuthError, TokenError } from '../common/errors.ts';
import { defaultLifetime, type IssuedToken, issuedToken, longestLifetime } from '../common/issued-token.ts';
import { kindOf, type ServerResponse } from './http.ts';
import { printable } from './server-words.ts';

/** Token types that need another scheme than `Bearer`. Servers have many names for a bearer token. */
const otherTypes = ['dpop', 'mac', 'pop', 'n_a'];

/** How to read a token response. */
export interface ResponseRules {
  /** Whether the request held a DPoP proof, and whether the token must be bound to its key. */
  readonly bound: boolean;
  readonly required: boolean;
  /** The `assumedLifetime` of the options, in milliseconds. */
  readonly assumedLifetime: number | undefined;
}

/**
 * Reads a successful answer of the token endpoint: strictly where a mistake could send something else than a token to an
 * API, leniently where real servers differ.
 *
 * @throws TokenError (`ERR_TOKEN_RESPONSE`, or `ERR_OAUTH_RESPONSE` for an error with a successful status).
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 | RFC 6749 §5.1}
 */
export function readTokenResponse(
  response: ServerResponse,
  endpoint: string,
  start: Moment,
  secrets: readonly string[],
  { bound, required, assumedLifetime }: ResponseRules,
): IssuedToken {
  const { status, body } = response;
  const refuse = (what: string): TokenError =>
    new TokenError('ERR_TOKEN_RESPONSE', `the answer of ${endpoint} is no token response: ${what}`, { status });
  if (body === undefined) throw refuse(kindOf(response));
  const { error, access_token: value, token_type: kind = null, scope: granted = null } = body;
  const { expires_in: expiresIn, refresh_in: refreshIn } = body;
  // Some servers send an empty error with every token.
  if (typeof error === 'string' && error !== '')
    throw oauthError(body, `${endpoint} refused the token request`, status, [...secrets, ...tokensIn(body)]);
  if (typeof error === 'object' && error !== null) throw refuse('its error is no text');
  if (typeof value !== 'string' || value === '') throw refuse('its access_token must be a string that is not empty');
  if (!isTokenText(value)) throw refuse(`its access_token ${flawOf(value)}`);
  if (kind !== null && typeof kind !== 'string') throw refuse('its token_type must be Bearer or DPoP, as a string');
  const type = kind?.toLowerCase() ?? '';
  const isProof = type === 'dpop' && bound;
  if (bound && !isProof && required) throw refuse('its token is not bound to the key of dpop, which is required');
  if (otherTypes.includes(type) && !isProof)
    throw refuse(
      `its token_type ${type} cannot be sent as Bearer${type === 'dpop' ? ', and there is no option dpop' : ''}`,
    );
  const scope = Array.isArray(granted) ? granted.join(' ') : (granted ?? undefined);
  if (scope !== undefined && typeof scope !== 'string') throw refuse('its scope must be a string');
  const said = (expiresIn ?? undefined) === undefined ? undefined : milliseconds(expiresIn);
  // With `assumedLifetime`, a lifetime of 0 or -1 counts as not said: servers send it for a token that never expires.
  const lifetime = said === 0 && assumedLifetime !== undefined ? undefined : said;
  const fields = {
    value,
    type: isProof ? 'DPoP' : 'Bearer',
    scope,
    lifetime,
    refreshIn: milliseconds(refreshIn) || undefined,
    isNew: true,
  } as const;
  return { ...issuedToken(fields, start, assumedLifetime ?? defaultLifetime), unbound: bound && !isProof };
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 | RFC 6749 §5.2} */
export function oauthError(
  body: Readonly<Record<string, unknown>>,
  /** Who refused what: `https://login.example.com/token refused the token request`. */
  refusal: string,
  status: number,
  secrets: readonly string[],
  remark = '',
): OAuthError {
  const error = printable(body['error'], secrets, 500) ?? 'unknown_error';
  // Zoom says `reason`.
  const errorDescription = printable(body['error_description'] ?? body['reason'], secrets, 500);
  const message = `${refusal}: ${error}${errorDescription === undefined ? '' : ` (${errorDescription})`}${remark}`;
  // Borrowed from the authorization endpoint (RFC 6749 §4.1.2.1) by servers that answer every error with a 400.
  const transient = error === 'temporarily_unavailable' || error === 'server_error';
  const answer = { error, errorDescription, errorUri: printable(body['error_uri'], secrets, 500) };
  return new OAuthError(message, answer, { status, transient, secrets });
}

/** Reads seconds, as a number or a numeric string; 0 for anything that is not a positive number. */
function milliseconds(seconds: unknown): number {
  const value = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
    ? Math.min(value * 1_000, longestLifetime)
    : 0;
}

/** Tokens that stand beside an error, which the error may repeat. */
function tokensIn({ access_token, refresh_token, id_token }: Record<string, unknown>): string[] {
  return [access_token, refresh_token, id_token].filter((token) => typeof token === 'string');
}
