import type { StoredValue, TokenStore } from '@tokenline/core';
import type { Network } from './network.ts';
import type { Process } from './process.ts';
import { Rate } from './rate.ts';
import type { World } from './world.ts';

/** What becomes of a command. */
export type StoreCondition = 'well' | 'refuses connections' | 'is silent' | 'is slow' | 'is full';

interface Kept {
  readonly text: string;
  readonly until: number;
}

/** Milliseconds for a script: 129,000 of them in a second, one after the other. */
const pace = 1 / 129;

/** A store as Redis is one: it does one thing at a time, and forgets what is over. */
export class Store {
  condition: StoreCondition = 'well';
  /** The scripts that it ran. */
  readonly scripts: Rate = new Rate();
  /** Whether it keeps values that are over, and does not say how long they were to last. */
  keepsAll = false;
  readonly #world: World;
  readonly #network: Network;
  readonly #authentic: boolean;
  readonly #values: Map<string, Kept> = new Map();
  readonly #leases: Map<string, Kept> = new Map();
  /** What a replica still has that lags behind: it is read in place of the store itself. */
  #replica: Map<string, Kept> | undefined;
  /** Until when it has something to do. */
  #busy = 0;

  constructor(world: World, network: Network, authentic: boolean) {
    this.#world = world;
    this.#network = network;
    this.#authentic = authentic;
  }

  /** Forgets everything. */
  flush(): void {
    this.#values.clear();
    this.#leases.clear();
  }

  /** From now on, everybody reads what is there now; returns what ends that. */
  lag(): () => void {
    this.#replica = new Map(this.#values);
    return () => (this.#replica = undefined);
  }

  /** The store as a process has it. */
  of(process: Process): TokenStore {
    const run = <T>(writes: boolean, script: () => T): Promise<T> => this.#run(process, writes, script);
    return {
      authentic: this.#authentic,
      get: (key) =>
        run(false, (): StoredValue | undefined => {
          const values = this.#replica ?? this.#values;
          const kept = this.keepsAll ? values.get(key) : this.#find(values, key);
          return kept && { value: kept.text, lifetime: this.keepsAll ? undefined : kept.until - this.#world.time };
        }),
      set: (key, text, lifetime) =>
        run(true, () => void this.#values.set(key, { text, until: this.#world.time + lifetime })),
      lease: (key, text, duration) =>
        run(true, () => {
          if (this.#find(this.#leases, key) !== undefined) return false;
          this.#leases.set(key, { text, until: this.#world.time + duration });
          return true;
        }),
      release: (key, owner) =>
        run(false, () => void (this.#find(this.#leases, key)?.text === owner && this.#leases.delete(key))),
    };
  }

  #find(kept: Map<string, Kept>, key: string): Kept | undefined {
    const found = kept.get(key);
    return found !== undefined && found.until > this.#world.time ? found : undefined;
  }

  #run<T>(process: Process, writes: boolean, script: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = (answer: (settle: () => void) => void): void => {
        const fail = (): void => answer(() => reject(new Error('the store does not want to')));
        if (this.condition === 'refuses connections') return fail();
        if (this.condition === 'is silent') return undefined;
        if (this.condition === 'is full' && writes) return fail();
        const { time, random } = this.#world;
        const slow = this.condition === 'is slow' ? random.between(300, 1_500) : 0;
        this.#busy = Math.max(this.#busy, time + slow) + pace;
        this.#world.after(this.#busy - time, () => {
          this.scripts.add(this.#world.time);
          const result = script();
          answer(() => resolve(result));
        });
      };
      this.#network.ask<() => void>(process, 'store', request, (settle) => settle());
    });
  }
}
