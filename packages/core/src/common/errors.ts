import { Brand } from './brand.ts';
import { causesOf, reasonOf } from './causes.ts';
import { redact, shownText } from './redaction.ts';

/** What went wrong. A closed set, safe to `switch` over; never the code of an operating system error. */
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
  /** Whether the same request may succeed later although nobody changes anything. @defaultValue `false` */
  readonly transient?: boolean | undefined;
  /** The HTTP status of the answer, where there was one. */
  readonly status?: number | undefined;
  /** How many milliseconds to wait before the next token request. @defaultValue the usual back-off */
  readonly retryAfter?: number | undefined;
  /** The error that led to this one. Only its name, message, code and own causes are kept, each in one line. */
  readonly cause?: unknown;
  /** Texts to cut out of the causes and of what the server said. */
  readonly secrets?: readonly string[] | undefined;
}

const brand: Brand = /* @__PURE__ */ new Brand('TokenError');
const oauthBrand: Brand = /* @__PURE__ */ new Brand('OAuthError');

/**
 * No token could be acquired. Every failure at run time is one of these; {@link TokenError.code} tells them apart.
 *
 * Its message, fields and `cause` never hold a secret, a token or the body of a token request.
 *
 * - `ERR_DISCOVERY_REQUEST`: the issuer's metadata could not be fetched.
 * - `ERR_DISCOVERY_RESPONSE`: the answer is not valid authorization server metadata.
 * - `ERR_ISSUER_MISMATCH`: the metadata belongs to another issuer (RFC 8414 §3.3).
 * - `ERR_TOKEN_REQUEST`: the token endpoint could not be reached or failed without an OAuth error, as far as this process
 *   knows or others of its fleet report; or `acquire` failed.
 * - `ERR_TOKEN_TIMEOUT`: no token arrived within `timeout`.
 * - `ERR_TOKEN_RESPONSE`: the server answered with success, or `acquire` returned, but not with a usable token.
 * - `ERR_TOKEN_REJECTED`: the API refused the token, and the server issued no other one.
 * - `ERR_OAUTH_RESPONSE`: the server answered with an OAuth error; see {@link OAuthError}.
 */
export class TokenError extends Error {
  override readonly name: string = 'TokenError';
  /** What went wrong, safe to `switch` over. */
  readonly code: TokenErrorCode;
  /** Whether the same request may succeed later although nobody changes anything. */
  readonly transient: boolean;
  /** The HTTP status of the answer, where there was one. */
  declare readonly status?: number;
  /** How many milliseconds the server asked to wait before the next request; five minutes at most. */
  declare readonly retryAfter?: number;

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    const cause = withoutSecrets(details.cause, details.secrets);
    // An error of ours has the reason in its message already.
    super(tokenErrorOf(cause) === undefined ? `${message}${reasonOf(cause)}` : message);
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
    this.code = code;
    this.transient = details.transient ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    brand.mark(this);
  }

  /** An error that another copy of this package made is an instance, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return brand.hasInstance(this, TokenError, value);
  }

  /** What `JSON.stringify` shows: the message and the fields. */
  toJSON(): object {
    return Object.assign({ message: this.message }, this);
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
  /** The `error_description` of the answer, for people to read; redacted, and 500 characters at most. */
  declare readonly errorDescription?: string;
  /** The `error_uri` of the answer: a page about the error. */
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
    oauthBrand.mark(this);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return oauthBrand.hasInstance(this, OAuthError, value);
  }
}

/** Finds the {@link TokenError} in an error of an HTTP client: `error` itself, or the first one among its causes. Never throws. */
export function tokenErrorOf(error: unknown): TokenError | undefined {
  return causesOf(error).find((each) => brand.isOn(each)) as TokenError | undefined;
}

/** Whether an error is a {@link TokenError} or was caused by one; {@link tokenErrorOf} returns that error. Never throws. */
export function isTokenError(error: unknown): boolean {
  return tokenErrorOf(error) !== undefined;
}

/** Returns, and does not throw, a `TypeError` for misuse: an option that is missing, malformed or contradicts another. */
export function invalidOption(message: string): TypeError & { readonly code: 'ERR_INVALID_OPTION' } {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_OPTION' as const });
}

/** Returns the error for a `bearerAuth` whose first argument is not `expected`, such as `'a got instance'`. */
export function wrongClient(expected: string): TypeError {
  return invalidOption(`bearerAuth needs ${expected} as its first argument`);
}

/** Copies name, message and code of a foreign error and its causes. Other fields, such as a client's `config`, may hold the secret. */
function withoutSecrets(error: unknown, secrets: readonly string[] | undefined): unknown {
  return causesOf(error).reduceRight<unknown>((inner, each) => {
    if (brand.isOn(each)) return each;
    const { name = 'Error', message, code } = each as Record<string, unknown>;
    if (typeof message !== 'string') return undefined;
    const copy = new Error(shownText(message, secrets, 1_000));
    // Its own stack would tell where the copy was made.
    const shownName = shownText(String(name), secrets, 100);
    copy.stack = `${shownName}: ${copy.message}`;
    Object.defineProperty(copy, 'name', { value: shownName });
    if (inner !== undefined) Object.defineProperty(copy, 'cause', { value: inner });
    return typeof code === 'string' ? Object.assign(copy, { code: shownText(code, secrets, 100) }) : copy;
  }, undefined);
}
