/** A token as the server that issued it knows it. */
export interface IssuedToken {
  readonly value: string;
  readonly clientId: string;
  /** The granted scope, space-separated. */
  readonly scope: string;
  /** The resources that it is for; empty where the request named none. */
  readonly audience: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The thumbprint of the key that it is bound to. */
  readonly thumbprint: string | undefined;
}

/** The tokens that a server has issued. */
export class IssuedTokens {
  readonly #valid: Map<string, IssuedToken> = new Map();
  #count = 0;

  /** The number of the next token, counted from 1. */
  next(): number {
    return ++this.#count;
  }

  add(token: IssuedToken): void {
    this.#valid.set(token.value, token);
  }

  /** The token with this value, unless it expired or was revoked. @param now - in milliseconds since the epoch. */
  find(value: string, now: number): IssuedToken | undefined {
    const token = this.#valid.get(value);
    return token !== undefined && token.expiresAt > now ? token : undefined;
  }

  revoke(value: string): void {
    this.#valid.delete(value);
  }

  revokeAll(): void {
    this.#valid.clear();
  }
}
