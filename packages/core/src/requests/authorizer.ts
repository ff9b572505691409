import type { AccessToken } from '../common/access-token.ts';
import { Attempt, type OutgoingRequest } from './authorized-request.ts';
import { invalidOption } from '../common/errors.ts';
import { readHeader } from './headers.ts';
import type { TokenParameters } from '../source/options.ts';
import { Origins } from './origins.ts';
import { internalsOf, type TokenSource } from '../source/token-source.ts';

/** The third argument of every `bearerAuth`. */
export interface BearerAuthOptions {
  /** Origins that may get the token, besides that of the client's base URL: `['https://api.example.com']`. */
  readonly origins?: readonly (string | URL)[] | undefined;
}

/** Decides where the token goes and what a 401 means; an adapter only carries the answers to its client. */
export class Authorizer {
  readonly #source: TokenSource;
  readonly #origins: Origins;
  readonly #ownUrls: ReadonlySet<string> | undefined;
  #latest: { readonly token: AccessToken; readonly headers: Readonly<Record<string, string>> } | undefined;

  /** @throws TypeError (`ERR_INVALID_OPTION`) when the source is none, an option is unknown, or no origin is allowed. */
  constructor(source: TokenSource, base: string | URL | undefined, options: BearerAuthOptions = {}) {
    if (typeof source?.getToken !== 'function') {
      throw invalidOption('bearerAuth needs a token source as its second argument: createTokenSource({ ... })');
    }
    if (typeof options !== 'object' || options === null)
      throw invalidOption('the options of bearerAuth must be an object: { origins }');
    const unknown = Object.keys(options).find((name) => name !== 'origins');
    if (unknown !== undefined) throw invalidOption(`bearerAuth has no option "${unknown}", only origins`);
    this.#source = source;
    this.#ownUrls = internalsOf(source)?.ownUrls;
    this.#origins = new Origins(base, options.origins, source.allowInsecureRequests ?? false);
  }

  /** Whether a request to this URL may carry the token. Ask again on every hop. */
  allows(url: string): boolean {
    return this.#origins.allows(url) && this.#ownUrls?.has(url) !== true;
  }

  /**
   * What a request carries; `undefined` where it goes without a token.
   *
   * @throws TokenError when no token can be had: the request must then not be sent.
   */
  authorize(request: OutgoingRequest): Promise<Attempt> | undefined {
    const { url, signal, headers, bearerAuth } = request;
    if (bearerAuth === false || readHeader(headers, 'authorization') || !this.allows(url)) return undefined;
    const source = bearerAuth ? this.#derive(bearerAuth) : this.#source;
    return source.getToken(signal && { signal }).then((token) => Attempt.make({ judge: this, source, request }, token));
  }

  /** The headers that carry a token. They are made once for all the requests that carry the same. */
  headersOf(token: AccessToken): Readonly<Record<string, string>> {
    if (this.#latest?.token !== token) {
      this.#latest = { token, headers: Object.freeze({ authorization: `${token.type} ${token.value}` }) };
    }
    return this.#latest.headers;
  }

  #derive(parameters: TokenParameters): TokenSource {
    if (this.#source.with === undefined)
      throw invalidOption('bearerAuth for one request needs a token source that has with()');
    return this.#source.with(parameters);
  }
}
