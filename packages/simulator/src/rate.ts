/** How often something happened, second by second. */
export class Rate {
  readonly #seconds: Map<number, number> = new Map();

  add(time: number): void {
    const second = Math.floor(time / 1_000);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
  }

  /** How often it happened between two times. */
  total(from: number = 0, to: number = Infinity): number {
    return this.#between(from, to).reduce((sum, count) => sum + count, 0);
  }

  /** The most in one second. */
  peak(from: number = 0, to: number = Infinity): number {
    return Math.max(0, ...this.#between(from, to));
  }

  #between(from: number, to: number): number[] {
    const counts: number[] = [];
    for (const [second, count] of this.#seconds) if (second * 1_000 >= from && second * 1_000 < to) counts.push(count);
    return counts;
  }
}
