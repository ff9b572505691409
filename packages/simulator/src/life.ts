import { LastMinute } from './last-minute.ts';

/** What the watch knows of one life of a process: once it has crashed, it is another one. */
export class Life {
  /** Its token requests. */
  readonly requests: LastMinute = new LastMinute();
  /** The tokens that an API refused. */
  readonly #refused: Set<string> = new Set();
  /** Those of them that it has replaced. */
  readonly #replaced: Set<string> = new Set();

  refuse(token: string): void {
    this.#refused.add(token);
  }

  /** Whether it hands out a token that it had replaced. */
  handsOut(token: string): boolean {
    const again = this.#replaced.has(token);
    for (const other of this.#refused) if (other !== token) this.#replaced.add(other);
    return again;
  }
}
