import type { Process } from './process.ts';
import type { World } from './world.ts';

/** Where processes send requests. */
export type Host = 'identity server' | 'store' | 'API';

/** Milliseconds, one way, when all is well. */
const distances: Readonly<Record<Host, number>> = { 'identity server': 4, store: 0.2, API: 4 };

/** Carries requests and answers: late, or not at all. */
export class Network {
  /** The share of messages that get lost. */
  loss = 0;
  /** How many times longer than usual a message takes. */
  slowness = 1;
  /** The processes that do not reach a host. */
  readonly cut: Readonly<Record<Host, Set<Process>>> = {
    'identity server': new Set(),
    store: new Set(),
    API: new Set(),
  };
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** How long a message takes; `undefined` for one that gets lost. */
  trip(process: Process, host: Host): number | undefined {
    const { random } = this.#world;
    if (this.cut[host].has(process) || (this.loss > 0 && random.chance(this.loss))) return undefined;
    return distances[host] * this.slowness * (0.5 + random.gap(0.5));
  }

  /** Sends a request to a host, which answers when it likes; the process gets the answer in its turn. */
  ask<T>(
    process: Process,
    host: Host,
    request: (answer: (value: T) => void) => void,
    receive: (value: T) => void,
  ): void {
    const there = this.trip(process, host);
    if (there === undefined) return;
    const receives = process.inTurn(receive);
    const answer = (value: T): void => {
      const back = this.trip(process, host);
      if (back !== undefined) this.#world.after(back, () => receives(value), 1);
    };
    this.#world.after(there, () => request(answer));
  }
}
