import { digestOf } from './stored-token.ts';

/** How many are remembered: as many as a source keeps unless it is told otherwise. */
const most = 1_000;

/**
 * Tokens that an API refused, or that were revoked: whatever a store says, this process never takes one of them again. It
 * remembers their hashes, so that its memory does not hold what may still be good elsewhere.
 */
export class RefusedTokens {
  /** The oldest first. */
  readonly #digests: Set<string> = new Set();
  /** When all of them are among the digests. */
  #added: Promise<void> = Promise.resolve();

  add(value: string): void {
    this.#added = Promise.all([digestOf(value), this.#added])
      .then(([digest]) => this.#remember(digest))
      // Where there are no hashes, there is no key either, and nothing comes from the store.
      .catch(() => {});
  }

  async has(value: string): Promise<boolean> {
    await this.#added;
    return this.#digests.has(await digestOf(value));
  }

  #remember(digest: string): void {
    this.#digests.delete(digest);
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (this.#digests.size > most) this.#digests.delete(oldest!);
  }
}
