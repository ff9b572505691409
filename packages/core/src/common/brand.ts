/** Marks the instances of a class. The mark is registered: another copy of core, even of another version, recognises it. */
export class Brand {
  readonly #symbol: symbol;

  constructor(kind: string) {
    this.#symbol = Symbol.for(`tokenline.${kind}`);
  }

  mark(value: object): void {
    Object.defineProperty(value, this.#symbol, { value: true });
  }

  isOn(value: unknown): boolean {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, this.#symbol);
  }

  /** What `instanceof` answers for `asked`: the branded class, or one that a user derived from it, which goes by its prototype. */
  hasInstance(asked: Function, branded: Function, value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(asked, value) || (asked === branded && this.isOn(value));
  }
}
