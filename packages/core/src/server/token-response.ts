import { type AccessToken, accessToken } from '../common/access-token.ts';
import type { Answer } from './answer.ts';
import type { Moment } from '../common/clock.ts';
import { OAuthError, TokenError } from '../common/errors.ts';
import { parseObject } from '../common/json-object.ts';
import { redact } from '../common/redaction.ts';

/** A token as the server granted it. */
export interface Grant {
  readonly token: AccessToken;
  /** The start of the request that brought it. */
  readonly start: Moment;
  /** Milliseconds from that start. 0: good for the callers who wait for it, and not to be kept. */
  readonly lifetime: number;
  /** Milliseconds after which the server wants it renewed. */
  readonly refreshIn: number | undefined;
}

const assumedLifetime = 300_000;
// Longer than any lifetime in use, and short enough that nothing is kept for ever.
export const longestLifetime: number = 366 * 24 * 60 * 60 * 1_000;

/**
 * Reads a 2xx answer of the token endpoint: strictly where a mistake could send something else than a token to an API,
 * leniently where real servers differ.
 *
 * @param bound - whether the request held a DPoP proof.
 * @throws TokenError (`ERR_TOKEN_RESPONSE`, or `ERR_OAUTH_RESPONSE` for an error that came as a success).
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 | RFC 6749 §5.1}
 */
export function readGrant(
  { status, body }: Answer,
  endpoint: string,
  start: Moment,
  secrets: readonly string[],
  bound: boolean,
): Grant {
  const refuse = (what: string): TokenError =>
    new TokenError('ERR_TOKEN_RESPONSE', `the answer of ${endpoint} is no token response: ${what}`, { status });
  if (body === undefined) throw refuse('it is not a JSON object');
  const { error, access_token: value, token_type: kind = null, scope: granted = null } = body;
  const { expires_in: expiresIn, refresh_in: refreshIn } = body;
  if (typeof error === 'string') throw oauthError(body, endpoint, status, [...secrets, ...tokensIn(body)]);
  if (typeof error === 'object' && error !== null) throw refuse('its error is no text');
  if (typeof value !== 'string' || value === '') throw refuse('its access_token must be a string that is not empty');
  // A header can carry these characters; any other would reach the API broken, or not at all.
  if (!/^[\x21-\x7e]+$/.test(value)) throw refuse('its access_token has characters that no header can carry');
  const type = typeof kind === 'string' ? kind.toLowerCase() : (kind ?? 'bearer');
  if (type !== 'bearer' && type !== 'dpop') throw refuse('its token_type must be Bearer or DPoP');
  if (type === 'dpop' && !bound) throw refuse('its token_type is DPoP, without the option dpop');
  const scope = Array.isArray(granted) ? granted.join(' ') : (granted ?? undefined);
  if (scope !== undefined && typeof scope !== 'string') throw refuse('its scope must be a string');
  const said = expiresIn === undefined || expiresIn === null ? jwtLifetime(value, start) : milliseconds(expiresIn);
  const lifetime = Math.min(said ?? assumedLifetime, longestLifetime);
  const expiresAt = said === undefined || lifetime === 0 ? undefined : start.wall + lifetime;
  return {
    token: accessToken({ value, type: type === 'dpop' ? 'DPoP' : 'Bearer', expiresAt, scope }),
    start,
    lifetime,
    refreshIn: milliseconds(refreshIn) || undefined,
  };
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
  // Borrowed from the authorization endpoint (RFC 6749 §4.1.2.1) by servers whose every error is a 400.
  const transient = error === 'temporarily_unavailable' || error === 'server_error';
  const answer = { error, errorDescription, errorUri: printable(body['error_uri'], secrets) };
  return new OAuthError(message, answer, { status, transient, secrets });
}

/** Seconds of the wire, as a number or a numeric string; 0 for whatever is no positive number. */
function milliseconds(seconds: unknown): number {
  const value = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value * 1_000 : 0;
}

/** What is left by the `exp` of a JWT; `undefined` where the token is none. Nothing is trusted to it but when to renew. */
function jwtLifetime(token: string, start: Moment): number | undefined {
  const payload = token.split('.')[1] ?? '';
  try {
    const { exp } = parseObject(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) ?? {};
    return typeof exp === 'number' ? Math.max(0, exp * 1_000 - start.wall) : undefined;
  } catch {
    return undefined;
  }
}

/** What a refusal should not have held, and may repeat. */
function tokensIn({ access_token, refresh_token, id_token }: Record<string, unknown>): string[] {
  return [access_token, refresh_token, id_token].filter((token) => typeof token === 'string');
}

/** Text of the server that goes into a message: without secrets, which a cut might spare, short, and without control characters. */
function printable(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return redact(value, secrets)
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, 500);
}
