import { isTokenText } from '../common/access-token.ts';
import type { Moment } from '../common/clock.ts';
import { OAuthError, TokenError } from '../common/errors.ts';
import { redact } from '../common/redaction.ts';
import { type IssuedToken, issuedToken } from '../common/issued-token.ts';
import type { ServerResponse } from './http.ts';

/**
 * Reads a successful answer of the token endpoint: strictly where a mistake could send something else than a token to an
 * API, leniently where real servers differ.
 *
 * @param bound - whether the request held a DPoP proof.
 * @throws TokenError (`ERR_TOKEN_RESPONSE`, or `ERR_OAUTH_RESPONSE` for an error with a successful status).
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 | RFC 6749 §5.1}
 */
export function readTokenResponse(
  { status, body }: ServerResponse,
  endpoint: string,
  start: Moment,
  secrets: readonly string[],
  bound: boolean,
): IssuedToken {
  const refuse = (what: string): TokenError =>
    new TokenError('ERR_TOKEN_RESPONSE', `the answer of ${endpoint} is no token response: ${what}`, { status });
  if (body === undefined) throw refuse('it is not a JSON object');
  const { error, access_token: value, token_type: kind = null, scope: granted = null } = body;
  const { expires_in: expiresIn, refresh_in: refreshIn } = body;
  if (typeof error === 'string') throw oauthError(body, endpoint, status, [...secrets, ...tokensIn(body)]);
  if (typeof error === 'object' && error !== null) throw refuse('its error is no text');
  if (typeof value !== 'string' || value === '') throw refuse('its access_token must be a string that is not empty');
  if (!isTokenText(value)) throw refuse('its access_token has characters that no header can carry');
  const type = typeof kind === 'string' ? kind.toLowerCase() : (kind ?? 'bearer');
  if (type !== 'bearer' && type !== 'dpop') throw refuse('its token_type must be Bearer or DPoP');
  if (type === 'dpop' && !bound) throw refuse('its token_type is DPoP, without the option dpop');
  const scope = Array.isArray(granted) ? granted.join(' ') : (granted ?? undefined);
  if (scope !== undefined && typeof scope !== 'string') throw refuse('its scope must be a string');
  const lifetime = expiresIn === undefined || expiresIn === null ? undefined : milliseconds(expiresIn);
  const refresh = milliseconds(refreshIn) || undefined;
  return issuedToken({ value, type: type === 'dpop' ? 'DPoP' : 'Bearer', scope, lifetime, refreshIn: refresh }, start);
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 | RFC 6749 §5.2} */
export function oauthError(
  body: Readonly<Record<string, unknown>>,
  endpoint: string,
  status: number,
  secrets: readonly string[],
): OAuthError {
  const error = printable(body['error'], secrets) ?? 'unknown_error';
  const errorDescription = printable(body['error_description'], secrets);
  const message = `${endpoint} refused the token request: ${error}${errorDescription === undefined ? '' : ` (${errorDescription})`}`;
  // Borrowed from the authorization endpoint (RFC 6749 §4.1.2.1) by servers that answer every error with a 400.
  const transient = error === 'temporarily_unavailable' || error === 'server_error';
  const answer = { error, errorDescription, errorUri: printable(body['error_uri'], secrets) };
  return new OAuthError(message, answer, { status, transient, secrets });
}

/** Reads seconds, as a number or a numeric string; 0 for anything that is not a positive number. */
function milliseconds(seconds: unknown): number {
  const value = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value * 1_000 : 0;
}

/** Tokens that stand beside an error, which the error may repeat. */
function tokensIn({ access_token, refresh_token, id_token }: Record<string, unknown>): string[] {
  return [access_token, refresh_token, id_token].filter((token) => typeof token === 'string');
}

/** Text of the server that goes into a message: redacted before it is cut, which might split a secret; no control characters. */
function printable(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return redact(value, secrets)
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, 500);
}
