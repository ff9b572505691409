/** An access token as it is sent to an API. */
export interface AccessToken {
  /** The token itself. Compare tokens by this. Copies made by spread, `structuredClone` or JSON do not have it. */
  readonly value: string;
  /** How the token is presented: the authentication scheme of RFC 6750 or RFC 9449. */
  readonly type: 'Bearer' | 'DPoP';
  /** When the token expires, in milliseconds since the epoch; `undefined` where the server did not say. */
  readonly expiresAt: number | undefined;
  /** The granted scope, space-separated; `undefined` where the server did not say: then it is the requested scope. */
  readonly scope: string | undefined;
}

/** A token of a source of one's own: it needs a value, and no more. */
export type AnyToken = Pick<AccessToken, 'value'> & Partial<AccessToken>;

/** Makes a token whose value is not printed, inspected or serialised: only reading `value` gives it. */
export function accessToken(fields: AccessToken): AccessToken {
  return new RedactedToken(fields);
}

/** No server takes headers that are longer. */
const longest = 65_536;

/** Whether a text can be sent in a header as a token. Any other character would reach the API broken, or not at all. */
export function isTokenText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longest && /^[\x21-\x7e]+$/.test(value);
}

/** What is wrong with a text that is none. It never says what the text is. */
export function flawOf(value: string): string {
  if (value === '') return 'is empty';
  return value.length > longest ? `is longer than ${longest} characters` : 'has characters that no header can carry';
}

class RedactedToken implements AccessToken {
  // Read through an accessor of the prototype, so that neither enumeration nor inspection finds it.
  readonly #value: string;
  declare readonly type: AccessToken['type'];
  declare readonly expiresAt: number | undefined;
  declare readonly scope: string | undefined;

  constructor({ value, ...shown }: AccessToken) {
    this.#value = value;
    Object.freeze(Object.assign(this, shown));
  }

  get value(): string {
    return this.#value;
  }

  toString(): string {
    return `${this.type} [redacted]`;
  }

  get [Symbol.toStringTag](): string {
    return 'AccessToken [redacted]';
  }
}
