/** Remembers what may be used only once, for as long as it is valid. */
export class Replays {
  readonly #used: Map<string, number> = new Map();

  /** Whether this is its first use. @param until - when it expires, in milliseconds, as `now`. */
  isNew(id: string, until: number, now: number): boolean {
    for (const [used, end] of this.#used) if (end <= now) this.#used.delete(used);
    if (this.#used.has(id)) return false;
    this.#used.set(id, until);
    return true;
  }
}
