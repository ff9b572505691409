import { redact } from './redaction.ts';

/** What went wrong, as a closed set: safe to `switch` over, and never the name of an operating system error. */
export type TokenErrorCode =
  | 'ERR_DISCOVERY_REQUEST'
  | 'ERR_DISCOVERY_RESPONSE'
  | 'ERR_ISSUER_MISMATCH'
  | 'ERR_TOKEN_REQUEST'
  | 'ERR_TOKEN_TIMEOUT'
  | 'ERR_TOKEN_RESPONSE'
  | 'ERR_TOKEN_REJECTED'
  | 'ERR_OAUTH_RESPONSE';

/** The facts that accompany a {@link TokenError}. */
export interface TokenErrorDetails {
  readonly transient?: boolean;
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
  /** What must not be seen: it is cut out of all that others wrote, the causes and the server's description. */
  readonly secrets?: readonly string[] | undefined;
}

// Registered, so that the errors of two copies of core know each other.
const brand: unique symbol = Symbol.for('tokenline.TokenError') as never;

/**
 * A token could not be had. One family for every failure at run time; {@link TokenError.code} tells them apart.
 *
 * No message, field or `cause` of it ever holds a secret, a token or the body of a token request.
 *
 * - `ERR_DISCOVERY_REQUEST`: the issuer's metadata could not be fetched.
 * - `ERR_DISCOVERY_RESPONSE`: what was fetched is no usable authorization server metadata.
 * - `ERR_ISSUER_MISMATCH`: the metadata belongs to another issuer (RFC 8414 §3.3).
 * - `ERR_TOKEN_REQUEST`: the token endpoint was unreachable, or refused without an OAuth error.
 * - `ERR_TOKEN_TIMEOUT`: no token within `timeout`.
 * - `ERR_TOKEN_RESPONSE`: a 2xx answer that is no token response.
 * - `ERR_TOKEN_REJECTED`: the API refused the token, and no other one could be had for it.
 * - `ERR_OAUTH_RESPONSE`: the server answered with an OAuth error; see {@link OAuthError}.
 */
export class TokenError extends Error {
  override readonly name: string = 'TokenError';
  readonly code: TokenErrorCode;
  /** Whether the same request may well succeed later without anybody changing anything. */
  readonly transient: boolean;
  /** The HTTP status of the answer, where there was one. */
  declare readonly status?: number;
  /** How long the server asked to be left alone, in milliseconds, capped at five minutes. */
  declare readonly retryAfter?: number;

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    super(message);
    const cause = withoutSecrets(details.cause, details.secrets);
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
    this.code = code;
    this.transient = details.transient ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * The authorization server answered with an error of RFC 6749 §5.2, such as `invalid_client` or `invalid_scope`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 | RFC 6749 §5.2}
 */
export class OAuthError extends TokenError {
  override readonly name: string = 'OAuthError';
  /** The `error` of the answer, such as `invalid_client`. */
  readonly error: string;
  declare readonly errorDescription?: string;
  declare readonly errorUri?: string;

  constructor(
    message: string,
    answer: { error: string; errorDescription?: string | undefined; errorUri?: string | undefined },
    details?: TokenErrorDetails,
  ) {
    const { error, errorDescription, errorUri } = answer;
    super('ERR_OAUTH_RESPONSE', redact(message, details?.secrets), details);
    this.error = error;
    if (errorDescription !== undefined) this.errorDescription = redact(errorDescription, details?.secrets);
    if (errorUri !== undefined) this.errorUri = redact(errorUri, details?.secrets);
  }
}

/** Finds the {@link TokenError} in an error of an HTTP client, which may have wrapped it: `error` itself, or one in its `cause` chain. */
export function tokenErrorOf(error: unknown): TokenError | undefined {
  for (let depth = 0; depth < 8 && typeof error === 'object' && error !== null; depth++) {
    if (Object.hasOwn(error, brand)) return error as TokenError;
    error = (error as { cause?: unknown }).cause;
  }
  return undefined;
}

/** Tells whether an error is, or was caused by, a {@link TokenError}; {@link tokenErrorOf} gives that error. */
export function isTokenError(error: unknown): boolean {
  return tokenErrorOf(error) !== undefined;
}

/** A `TypeError` for misuse: an option that is missing, malformed or in contradiction with another. */
export function invalidOption(message: string): TypeError & { readonly code: 'ERR_INVALID_OPTION' } {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_OPTION' as const });
}

/** For a `bearerAuth` whose first argument is no such client: `'a got instance'`. */
export function wrongClient(expected: string): TypeError {
  return invalidOption(`bearerAuth needs ${expected} as its first argument`);
}

/** Name, message and code of a foreign error and its causes: whatever else hangs on it, a client's `config` say, may hold the secret. */
function withoutSecrets(error: unknown, secrets: readonly string[] | undefined, depth = 0): unknown {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if (brand in error) return error;
  const { name = 'Error', message, code, cause } = error as Record<string, unknown>;
  if (typeof message !== 'string') return undefined;
  const copy = new Error(redact(message, secrets));
  // Its stack would tell where the copy was made.
  copy.stack = `${String(name)}: ${copy.message}`;
  Object.defineProperty(copy, 'name', { value: name });
  const inner = withoutSecrets(cause, secrets, depth + 1);
  if (inner !== undefined) Object.defineProperty(copy, 'cause', { value: inner });
  return typeof code === 'string' ? Object.assign(copy, { code }) : copy;
}
