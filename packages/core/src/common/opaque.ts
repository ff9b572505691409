import { invalidOption } from './errors.ts';

/**
 * A kind of value that users only pass on: an authentication method, a grant, a proof key, a store. What core needs of it
 * stands behind it: enumeration and logs do not find it, another copy of core does, even of another version. So what stands
 * behind a value may gain members, but loses and changes none, and needs nothing that only one copy has.
 */
export class Opaque<Hidden extends object> {
  readonly #symbol: symbol;
  /** The functions that make such values, for the message to whoever passes another one. */
  readonly makers: string;

  constructor(kind: string, makers = '') {
    this.#symbol = Symbol.for(`tokenline.${kind}`);
    this.makers = makers;
  }

  /** Puts `hidden` behind a value. */
  hide<Shown extends object>(shown: Shown, hidden: Hidden): Shown {
    return Object.defineProperty(shown, this.#symbol, { value: hidden });
  }

  /** What stands behind a value; `undefined` for a value that is not of this kind. */
  behind(value: unknown): Hidden | undefined {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, this.#symbol)) return undefined;
    return (value as Record<symbol, Hidden>)[this.#symbol];
  }

  /** What stands behind an option. @throws TypeError (`ERR_INVALID_OPTION`) when it is not of this kind. */
  read(name: string, value: unknown): Hidden | undefined {
    const hidden = this.behind(value);
    if (value !== undefined && hidden === undefined) throw invalidOption(`${name} must be what ${this.makers} returns`);
    return hidden;
  }
}
