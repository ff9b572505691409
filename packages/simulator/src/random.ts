/** Numbers that look random, and are the same in each run with the same seed. The algorithm is sfc32. */
export class Random {
  #state: [number, number, number, number];

  constructor(seed: number) {
    this.#state = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
    for (let turn = 0; turn < 12; turn++) this.next();
  }

  /** From 0 to 1, which itself never comes. */
  readonly next = (): number => {
    let [a, b, c, count] = this.#state;
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    this.#state = [a, b, c | 0, count];
    return (sum >>> 0) / 2 ** 32;
  };

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** As `between`, where small numbers are as likely as large ones: each size has its share. */
  ofSize(least: number, most: number): number {
    return least * (most / least) ** this.next();
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  /** A time to the next of many events that happen independently. */
  gap(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }

  /** Another row of numbers, so that what is drawn here changes nothing there. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }
}
