/** An access token as it is sent to an API. */
export interface AccessToken {
  /** The token itself. Compare tokens by this: a client may clone, and a store may revive, the object around it. */
  readonly value: string;
  /** How the token is presented: the authentication scheme of RFC 6750 or RFC 9449. */
  readonly type: 'Bearer' | 'DPoP';
  /** When the token expires, in milliseconds since the epoch; `undefined` where the server did not say. */
  readonly expiresAt: number | undefined;
  /** The granted scope, space-separated; `undefined` where the server did not say, which means: as requested. */
  readonly scope: string | undefined;
}

/** Makes a token that prints, inspects and serialises without its value: only `value` itself gives that. */
export function accessToken(fields: AccessToken): AccessToken {
  return new RedactedToken(fields);
}

class RedactedToken implements AccessToken {
  // Private, behind an accessor of the prototype: neither enumeration nor inspection finds it.
  readonly #value: string;
  readonly type: 'Bearer' | 'DPoP';
  readonly expiresAt: number | undefined;
  readonly scope: string | undefined;

  constructor({ value, type, expiresAt, scope }: AccessToken) {
    this.#value = value;
    this.type = type;
    this.expiresAt = expiresAt;
    this.scope = scope;
    Object.freeze(this);
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
