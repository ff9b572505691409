import type { AccessToken } from './access-token.ts';
import { asksForToken } from './challenge.ts';
import { invalidOption, TokenError } from './errors.ts';
import type { Events } from './events.ts';
import type { TokenParameters } from './options.ts';
import { Origins } from './origins.ts';
import { eventsOf, type TokenSource } from './token-source.ts';

/** The third argument of every `bearerAuth`. */
export interface BearerAuthOptions {
  /** Origins that may get the token, besides that of the client's base URL: `['https://api.example.com']`. */
  readonly origins?: readonly (string | URL)[] | undefined;
}

/** What one request may say about its token: none, or one for another scope, resource or audience. */
export type BearerAuthRequest = false | TokenParameters;

/** A request that is about to leave. */
export interface OutgoingRequest {
  /** The absolute URL that it goes to, of this very hop. */
  readonly url: string;
  /** The HTTP method. @defaultValue `GET` */
  readonly method?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The `Authorization` header that the request has already: it is respected. */
  readonly authorization?: string | null | undefined;
  readonly bearerAuth?: BearerAuthRequest | undefined;
}

/** An answer, as far as it decides about one more try. */
export interface IncomingResponse {
  readonly status: number;
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | null | undefined;
  /** Where the answer came from, where a redirect led elsewhere. */
  readonly url?: string | undefined;
  /** Whether a redirect was followed. */
  readonly redirected?: boolean | undefined;
  /** Whether the request's body can be sent again, byte for byte. */
  readonly replayable: boolean;
}

/** Decides where the token goes and what a 401 means; an adapter only carries the answers to its client. */
export class Authorizer {
  readonly #source: TokenSource;
  readonly #origins: Origins;

  /** @throws TypeError (`ERR_INVALID_OPTION`) when the source is none, or no origin is allowed. */
  constructor(source: TokenSource, base: string | URL | undefined, { origins }: BearerAuthOptions = {}) {
    if (typeof source?.getToken !== 'function') {
      throw invalidOption('bearerAuth needs a token source as its second argument: createTokenSource({ ... })');
    }
    this.#source = source;
    this.#origins = new Origins(base, origins, source.allowInsecureRequests ?? false);
  }

  /** Whether a request to this URL may carry the token. Ask again on every hop. */
  allows(url: string): boolean {
    return this.#origins.allows(url);
  }

  /**
   * What a request carries; `undefined` where it goes without a token.
   *
   * @throws TokenError when no token can be had: the request must then not be sent.
   */
  authorize(request: OutgoingRequest): Promise<Attempt> | undefined {
    const { url, signal, authorization, bearerAuth } = request;
    if (bearerAuth === false || authorization || !this.allows(url)) return undefined;
    const source = bearerAuth === undefined ? this.#source : this.#derive(bearerAuth);
    return source.getToken({ signal }).then((token) => new Attempt(this, source, request, token, false));
  }

  #derive(parameters: TokenParameters): TokenSource {
    if (this.#source.with === undefined)
      throw invalidOption('bearerAuth for one request needs a token source that has with()');
    return this.#source.with(parameters);
  }
}

/** One attempt of a request with one token. */
export class Attempt {
  /** The value of the `Authorization` header. */
  readonly authorization: string;
  /** Why there is no second attempt, where a renewal was tried and failed: goes to the error's `cause`, where the client has one. */
  failure: unknown;
  readonly #authorizer: Authorizer;
  readonly #source: TokenSource;
  readonly #request: OutgoingRequest;
  readonly #token: AccessToken;
  readonly #last: boolean;

  constructor(
    authorizer: Authorizer,
    source: TokenSource,
    request: OutgoingRequest,
    token: AccessToken,
    last: boolean,
  ) {
    this.authorization = `${token.type} ${token.value}`;
    this.#authorizer = authorizer;
    this.#source = source;
    this.#request = request;
    this.#token = token;
    this.#last = last;
  }

  /** The one more try that this answer deserves; `undefined`, at once or after a renewal that failed, where it is final. */
  retry({
    status,
    challenge,
    url,
    redirected,
    replayable,
  }: IncomingResponse): Promise<Attempt | undefined> | undefined {
    if (status !== 401 || this.#last || !asksForToken(challenge)) return undefined;
    if (url !== undefined && !this.#authorizer.allows(url)) return undefined;
    // Before it redirected, the server may have done what an unsafe request asked for: it is not made again.
    if (replayable && (!redirected || /^(GET|HEAD|OPTIONS)$/i.test(this.#request.method ?? 'GET')))
      return this.#renew();
    // The next request must not go out with the same token; a failure shows in the source's events.
    this.#source.getToken({ rejected: this.#token.value }).catch(() => {});
    return undefined;
  }

  async #renew(): Promise<Attempt | undefined> {
    const rejected = this.#token.value;
    const { signal } = this.#request;
    try {
      const token = await this.#source.getToken({ rejected, signal });
      if (token.value === rejected)
        throw new TokenError('ERR_TOKEN_REJECTED', 'the token source has no other token than the refused one');
      const events = (this.#source as { [eventsOf]?: Events })[eventsOf];
      events?.emit(token.scope, { type: 'replayed' });
      return new Attempt(this.#authorizer, this.#source, this.#request, token, true);
    } catch (error) {
      if (signal?.aborted) throw error;
      this.failure = error;
      return undefined;
    }
  }
}
