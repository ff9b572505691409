/** What a cache holds: it stays as long as it is in use. */
interface Entry {
  readonly inUse: boolean;
}

/** A bounded number of values, made when they are first asked for. Above the bound, the one unused for longest goes. */
export class LruCache<Subject extends { readonly key: string }, Value extends Entry> {
  readonly #limit: number;
  readonly #make: (subject: Subject) => Value;
  /** In the order of their last use. */
  readonly #values: Map<string, Value> = new Map();
  #latest: { readonly key: string; readonly value: Value } | undefined;

  constructor(limit: number, make: (subject: Subject) => Value) {
    this.#limit = limit;
    this.#make = make;
  }

  get(subject: Subject): Value {
    const { key } = subject;
    if (this.#latest?.key === key) return this.#latest.value;
    const value = this.#values.get(key) ?? this.#make(subject);
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#latest = { key, value };
    for (const [other, { inUse }] of this.#values) {
      if (this.#values.size <= this.#limit) break;
      if (!inUse && other !== key) this.#values.delete(other);
    }
    return value;
  }

  some(is: (value: Value) => boolean): boolean {
    return [...this.#values.values()].some(is);
  }

  /** Takes the value of this subject out, or all values. */
  take(subject?: Subject): Value[] {
    const taken = [...this.#values].filter(([key]) => subject === undefined || key === subject.key);
    for (const [key] of taken) this.#values.delete(key);
    this.#latest = undefined;
    return taken.map(([, value]) => value);
  }
}
