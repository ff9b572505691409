import type { AccessToken } from '../common/access-token.ts';
import { invalidOption } from '../common/errors.ts';
import { assertOptions } from '../common/options.ts';
import type { TokenParameters } from '../lifecycle/token-parameters.ts';
import { type TokenSource, tokenSources } from '../source/token-source.ts';
import { AuthorizedRequest } from './authorized-request.ts';
import { readHeader } from './headers.ts';
import type { OutgoingRequest } from './messages.ts';
import { Origins } from './origins.ts';

/** The third argument of every `bearerAuth`. */
export interface BearerAuthOptions {
  /**
   * Origins that may get the token, in addition to that of the client's base URL: `['https://api.example.com']`. Required for
   * a client without a base URL.
   * @defaultValue the origin of the client's base URL alone
   */
  readonly origins?: readonly (string | URL)[] | undefined;
}

/** Decides where the token goes and what a 401 means; an adapter only carries the answers to its client. */
export class Authorizer {
  readonly #source: TokenSource;
  readonly #origins: Origins;
  readonly #ownUrls: ReadonlySet<string> | undefined;
  #latest: { readonly token: AccessToken; readonly headers: Readonly<Record<string, string>> } | undefined;

  /** @throws TypeError (`ERR_INVALID_OPTION`) when the source is none, an option does not exist, or no origin is allowed. */
  constructor(source: TokenSource, base: string | URL | undefined, options: BearerAuthOptions = {}) {
    if (typeof source?.getToken !== 'function')
      throw invalidOption('bearerAuth needs a token source as its second argument: createTokenSource({ ... })');
    assertOptions('bearerAuth', options, ['origins']);
    this.#source = source;
    this.#ownUrls = tokenSources.behind(source)?.ownUrls;
    this.#origins = new Origins(base, options.origins, source.allowInsecureRequests ?? false);
  }

  /** Whether a request to this URL may carry the token. Ask again for every hop. */
  allows(url: string): boolean {
    return this.#origins.allows(url) && this.#ownUrls?.has(url) !== true;
  }

  /**
   * The request with its token; `undefined` where it is to be sent without one.
   *
   * @throws TokenError when no token can be had: the request must then not be sent.
   */
  authorize(request: OutgoingRequest): Promise<AuthorizedRequest> | undefined {
    const { url, signal, headers, bearerAuth } = request;
    if (bearerAuth === false || readHeader(headers, 'authorization') || !this.allows(url)) return undefined;
    const source = bearerAuth ? this.#derive(bearerAuth) : this.#source;
    const context = { rules: this, source, request };
    return source.getToken(signal && { signal }).then((token) => AuthorizedRequest.make(context, token));
  }

  /** The headers that carry a token. Requests that carry the same token share them. */
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
