/** A token, and when it expires, in milliseconds since the epoch. */
export interface Issued {
  readonly token: string;
  readonly expiresAt: number;
}

/** Issues tokens, and knows which of them are still good. Its clock is `Date`. */
export class Issuer {
  /** How long its tokens live, in milliseconds. */
  readonly lifetime: number;
  /** Everything that it issued, in that order. */
  readonly #issued: Issued[] = [];
  readonly #write: (number: number, expiresAt: number) => string;
  /** How many of its tokens have been revoked. */
  #revoked = 0;

  /** @param write - what a token looks like, by its number and its expiry. */
  constructor(lifetime: number, write: (number: number, expiresAt: number) => string = (number) => `token-${number}`) {
    this.lifetime = lifetime;
    this.#write = write;
  }

  /** All of its tokens. */
  get tokens(): string[] {
    return this.#issued.map(({ token }) => token);
  }

  get latest(): Issued | undefined {
    return this.#issued.at(-1);
  }

  issue(): Issued {
    const expiresAt = Date.now() + this.lifetime;
    const issued = { token: this.#write(this.#issued.length + 1, expiresAt), expiresAt };
    this.#issued.push(issued);
    return issued;
  }

  /** Whether a token was issued here, has not expired and has not been revoked. */
  accepts(token: string): boolean {
    return this.#issued.slice(this.#revoked).some((each) => each.token === token && each.expiresAt > Date.now());
  }

  /** Makes every token so far worthless. */
  revokeAll(): void {
    this.#revoked = this.#issued.length;
  }
}
