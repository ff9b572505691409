import type { StoredValue, TokenStore } from '@tokenline/core';

/** Something that ends by itself. */
interface Kept {
  readonly text: string;
  readonly until: number;
}

type Operation = 'get' | 'set' | 'lease' | 'release';

/** A store in this process. Its time is told, and what goes wrong with it. */
export class MemoryStore implements TokenStore {
  readonly timeout: number | undefined;
  readonly values: Map<string, Kept> = new Map();
  readonly leases: Map<string, Kept> = new Map();
  /** What it was asked so far. */
  readonly calls: Operation[] = [];
  /** Goes wrong in place of an operation, where it gives something else than `undefined`; that is the answer, then. */
  fault: (operation: Operation, key: string) => unknown = () => undefined;
  readonly #now: () => number;

  constructor({ now = Date.now, timeout }: { now?: () => number; timeout?: number } = {}) {
    this.#now = now;
    this.timeout = timeout;
  }

  get(key: string): Promise<StoredValue | undefined> {
    return this.#do('get', key, () => {
      const kept = this.#live(this.values, key);
      return kept && { value: kept.text, lifetime: kept.until - this.#now() };
    });
  }

  set(key: string, value: string, lifetime: number): Promise<void> {
    return this.#do('set', key, () => void this.values.set(key, { text: value, until: this.#now() + lifetime }));
  }

  lease(key: string, owner: string, duration: number): Promise<boolean> {
    return this.#do('lease', key, () => {
      if (this.#live(this.leases, key) !== undefined) return false;
      this.leases.set(key, { text: owner, until: this.#now() + duration });
      return true;
    });
  }

  release(key: string, owner: string): Promise<void> {
    return this.#do('release', key, () => {
      if (this.#live(this.leases, key)?.text === owner) this.leases.delete(key);
    });
  }

  #do<T>(operation: Operation, key: string, work: () => T): Promise<T> {
    this.calls.push(operation);
    const fault = this.fault(operation, key);
    return fault === undefined ? Promise.resolve().then(work) : (Promise.resolve(fault) as Promise<T>);
  }

  #live(kept: Map<string, Kept>, key: string): Kept | undefined {
    const found = kept.get(key);
    return found !== undefined && found.until > this.#now() ? found : undefined;
  }
}
