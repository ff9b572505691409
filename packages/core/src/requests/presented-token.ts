import { flawOf, isTokenText } from '../common/access-token.ts';
import { TokenError } from '../common/errors.ts';
import { memberOf } from '../common/own.ts';

/** A token as it goes to an API. */
export interface PresentedToken {
  readonly value: string;
  readonly type: 'Bearer' | 'DPoP';
  /** The headers that carry it, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes headers of what a source brings. One of the user's own may bring anything, and change it later. */
export class Presenter {
  readonly #scheme: string;
  /** By what the source brought: when that is gone, nothing is left of it. */
  readonly #presented: WeakMap<object, PresentedToken> = new WeakMap();

  /** @param scheme - the word before a token that is not bound to a key. */
  constructor(scheme: string) {
    this.#scheme = scheme;
  }

  /** @throws TokenError (`ERR_TOKEN_RESPONSE`) saying what is wrong, and never what the token is. */
  present(token: unknown): PresentedToken {
    if (typeof token !== 'object' || token === null)
      throw refusal(`${typeof token === 'string' ? 'a string' : 'nothing'}: it must return an object, { value }`);
    const [value, given] = fieldsOf(token);
    const type = given === 'DPoP' ? given : 'Bearer';
    const known = this.#presented.get(token);
    if (known?.value === value && known?.type === type) return known;
    if (typeof value !== 'string') throw refusal('no value: it must return an object, { value }');
    if (!isTokenText(value)) throw refusal(`a token whose value ${flawOf(value)}`);
    if (!isWord(given ?? type)) throw refusal('a token whose type is no word, such as Bearer');
    const authorization = `${type === 'DPoP' ? type : this.#scheme} ${value}`;
    const presented: PresentedToken = { value, type, headers: Object.freeze({ authorization }) };
    this.#presented.set(token, presented);
    return presented;
  }
}

/** Each is read once: what is checked is what is sent. */
function fieldsOf(token: Partial<Record<'value' | 'type', unknown>>): [value: unknown, type: unknown] {
  try {
    return [memberOf(token, 'value'), memberOf(token, 'type')];
  } catch {
    // The error itself may hold the token.
    throw refusal('a token that throws when its value or its type is read');
  }
}

/** Whether it is a name of an authentication scheme. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(value);
}

function refusal(what: string): TokenError {
  return new TokenError('ERR_TOKEN_RESPONSE', `getToken() of the token source returned ${what}`);
}
