import type { AnyToken } from '../common/access-token.ts';
import type { PassedReason } from '../common/events.ts';
import { invalidOption } from '../common/errors.ts';
import { readBoolean, readFunction, readOptions } from '../common/options.ts';
import { memberOf, ownValue } from '../common/own.ts';
import { parameterNames, type TokenParameters } from '../lifecycle/token-parameters.ts';
import { askFor, type TokenSource, tokenSources } from '../source/token-source.ts';
import { AuthorizedRequest } from './authorized-request.ts';
import { readHeader } from './headers.ts';
import type { OutgoingRequest, Refused } from './messages.ts';
import { isDowngrade, Origins } from './origins.ts';
import { isWord, type PresentedToken, Presenter } from './presented-token.ts';

/** The third argument of every `bearerAuth`. */
export interface BearerAuthOptions {
  /**
   * Origins that may get the token, in addition to that of the client's base URL: `['https://api.example.com']`. Required for
   * a client without a base URL.
   * @defaultValue the origin of the client's base URL alone
   */
  readonly origins?: readonly (string | URL)[] | undefined;
  /**
   * Tells which answers refuse the token, for APIs that say so in their own way: with a 403 or a 400, say, or with a 401 that
   * has nothing to do with the token. A single request may have its own, in its `bearerAuth`. If it throws, the
   * request fails with that error.
   * @defaultValue a 401, unless it says that another token is useless, or offers only Basic, Digest, Negotiate or NTLM
   */
  readonly refused?: Refused | undefined;
  /**
   * The scheme of the `Authorization` header, for APIs that have a word of their own: `'Token'`. Tokens that are bound to a
   * key are always sent as `DPoP`.
   * @defaultValue `'Bearer'`
   */
  readonly scheme?: string | undefined;
  /**
   * Replaces an `Authorization` header that a request has already, for clients that always set one, such as those of an SDK.
   * @defaultValue `false`: such a request is sent as it is, and the event `passed` says so
   */
  readonly replace?: boolean | undefined;
}

/** Decides where the token goes and what a 401 means; an adapter only carries the answers to its client. */
export class Authorizer {
  readonly #source: TokenSource;
  readonly #origins: Origins;
  readonly #ownUrls: ReadonlySet<string> | undefined;
  readonly #refused: Refused | undefined;
  readonly #presenter: Presenter;
  /** Whether an `Authorization` that the request has already gives way to the token. */
  readonly replace: boolean;

  /** @throws TypeError (`ERR_INVALID_OPTION`) when the source is none, an option does not exist, or no origin is allowed. */
  constructor(source: TokenSource, base: string | URL | undefined, options: BearerAuthOptions = {}) {
    if (typeof source?.getToken !== 'function')
      throw invalidOption('bearerAuth needs a token source as its second argument: createTokenSource({ ... })');
    const own = readOptions('bearerAuth', options, ['origins', 'refused', 'scheme', 'replace']);
    const { origins, scheme = 'Bearer' } = own;
    if (!isWord(scheme)) throw invalidOption('scheme must be one word, such as Token');
    this.#refused = readFunction('refused', own.refused);
    this.#presenter = new Presenter(scheme);
    this.replace = readBoolean('replace', own.replace);
    this.#source = source;
    this.#ownUrls = tokenSources.behind(source)?.ownUrls;
    this.#origins = new Origins(base, origins, memberOf(source, 'allowInsecureRequests') ?? false);
  }

  /** Whether more than one origin may get the token, so that it may go along with a redirect to another origin. */
  get allowsSeveral(): boolean {
    return this.#origins.size > 1;
  }

  /** Whether a request to this URL may carry the token. Ask again for every hop. Never throws. */
  allows(url: string): boolean {
    return this.#origins.allows(url) && this.#ownUrls?.has(url) !== true;
  }

  /**
   * Returns the request with its token, or `undefined` if it must be sent without one.
   *
   * @throws TypeError (`ERR_INVALID_OPTION`), at once, when the request's `bearerAuth` is malformed. The promise rejects with a
   * TokenError when no token can be acquired: do not send the request then.
   */
  authorize(request: OutgoingRequest): Promise<AuthorizedRequest> | undefined {
    const { signal, headers } = request;
    const bearerAuth = ownValue(request, 'bearerAuth');
    const reason = bearerAuth === false ? 'opted-out' : this.#reasonToPass(request);
    if (reason !== undefined) {
      const internals = tokenSources.behind(this.#source);
      const [, value = ''] = readHeader(headers, 'authorization')?.split(' ') ?? [];
      // With a token of its own, it passes here for a second time: the source is attached twice.
      if (reason !== 'authorization' || internals?.holds?.(value) !== true) internals?.emit({ type: 'passed', reason });
      return undefined;
    }
    let [source, refused] = [this.#source, this.#refused];
    if (bearerAuth) {
      const given = readOptions('bearerAuth of a request', bearerAuth, [...parameterNames, 'refused']);
      const { refused: own, ...parameters } = given;
      refused = readFunction('refused', own) ?? refused;
      if (Object.keys(parameters).length > 0) source = this.#derive(parameters);
    }
    const context = { rules: this, refused, source, request };
    const token = askFor(source, signal ? { signal } : undefined);
    return token.then((brought) => AuthorizedRequest.make(context, this.present(brought)));
  }

  /** Why a request goes without a token; `undefined` where it gets one. */
  #reasonToPass({ url, headers }: OutgoingRequest): PassedReason | undefined {
    if (!this.replace && readHeader(headers, 'authorization')) return 'authorization';
    if (!this.#origins.allows(url)) return isDowngrade(url, this.#origins) ? 'insecure' : 'origin';
    return this.#ownUrls?.has(url) === true ? 'own-endpoint' : undefined;
  }

  /** @throws TokenError (`ERR_TOKEN_RESPONSE`) for a token that no header can carry. */
  present(token: AnyToken): PresentedToken {
    return this.#presenter.present(token);
  }

  #derive(parameters: TokenParameters): TokenSource {
    if (this.#source.with === undefined)
      throw invalidOption('bearerAuth for one request needs a token source that has with()');
    return this.#source.with(parameters);
  }
}
