import type { Client } from './client.ts';
import { settle } from './held-server.ts';

const step = 5;

/** Lets time pass in steps of 5 ms, with a caller at each: 200 a second. */
export class Simulation {
  readonly #client: Client;
  #alarms: { at: number; ring: () => void }[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  /** The simulated time. */
  get time(): number {
    return this.#client.clock.monotonic();
  }

  /** Waits on the simulated clock. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((ring) => this.#alarms.push({ at: this.time + milliseconds, ring }));
  }

  async run(duration: number, caller: () => unknown): Promise<void> {
    for (const end = this.time + duration; this.time < end;) {
      caller();
      await settle();
      this.#client.clock.advance(step);
      const due = this.#alarms.filter(({ at }) => at <= this.time);
      this.#alarms = this.#alarms.filter(({ at }) => at > this.time);
      for (const { ring } of due) ring();
      await settle();
    }
  }
}
