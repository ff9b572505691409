/** Counts what happened within the last minute. */
export class LastMinute {
  readonly #times: number[] = [];

  /** Adds what happens now, and says how much that makes. */
  add(time: number): number {
    this.#times.push(time);
    while ((this.#times[0] ?? time) < time - 60_000) this.#times.shift();
    return this.#times.length;
  }
}
