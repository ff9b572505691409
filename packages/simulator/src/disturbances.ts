import type { World } from './world.ts';

/** So long after the last fault everybody gets a token: nobody waits longer for the next attempt than a minute, in milliseconds. */
export const recovered = 75_000;

/** What goes wrong. */
interface Disturbance {
  /** Whether the fleet, its store or the way between them is concerned. */
  readonly inFleet: boolean;
  readonly isStoreDown: boolean;
}

/** Faults of one kind: how many there are now, and when the last one ended. */
interface Faults {
  now: number;
  ended: number;
}

/** Keeps account of what is wrong, and for how long nothing has been. */
export class Disturbances {
  readonly #world: World;
  readonly #all: Faults = { now: 0, ended: 0 };
  readonly #ofFleet: Faults = { now: 0, ended: -Infinity };
  /** Those other than that the store is down. */
  readonly #others: Faults = { now: 0, ended: -Infinity };
  /** How many there have been. */
  #begun = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** For how many milliseconds nothing has been wrong. */
  get calm(): number {
    return this.#sinceLast(this.#all);
  }

  /** Whether only the identity server and the API may be unwell. */
  get isFleetWell(): boolean {
    return this.#sinceLast(this.#ofFleet) > recovered;
  }

  /** The number of faults so far, where the store is down and nothing else has been wrong for a while. */
  get onlyStore(): number | undefined {
    return this.#all.now > 0 && this.#sinceLast(this.#others) > recovered ? this.#begun : undefined;
  }

  /** Something goes wrong, with the fleet itself or elsewhere; returns what says that it is over. */
  begin({ inFleet, isStoreDown }: Disturbance): () => void {
    this.#begun++;
    const concerned = [this.#all, ...(inFleet ? [this.#ofFleet] : []), ...(isStoreDown ? [] : [this.#others])];
    for (const faults of concerned) faults.now++;
    return () => {
      for (const faults of concerned) [faults.now, faults.ended] = [faults.now - 1, this.#world.time];
    };
  }

  #sinceLast({ now, ended }: Faults): number {
    return now > 0 ? 0 : this.#world.time - ended;
  }
}
