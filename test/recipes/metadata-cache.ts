import type { Issued, Issuer } from './issuer.ts';

/** The cache of a metadata service: it keeps a token, a revoked one too, until little of its life is left. */
export class MetadataCache {
  readonly #issuer: Issuer;
  readonly #leftover: number;
  #kept: Issued | undefined;

  /** @param leftover - how many milliseconds before its expiry a token is replaced. */
  constructor(issuer: Issuer, leftover: number) {
    this.#issuer = issuer;
    this.#leftover = leftover;
  }

  token(): Issued {
    const left = (this.#kept?.expiresAt ?? 0) - Date.now();
    if (this.#kept === undefined || left <= this.#leftover) this.#kept = this.#issuer.issue();
    return this.#kept;
  }

  /** Makes the token worthless, and forgets it. */
  revoke(): void {
    this.#issuer.revokeAll();
    this.#kept = undefined;
  }
}
