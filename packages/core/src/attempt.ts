import type { AccessToken } from './access-token.ts';
import { asksForToken } from './challenge.ts';
import { TokenError } from './errors.ts';
import type { TokenParameters } from './options.ts';
import { internalsOf, type TokenSource } from './token-source.ts';

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

/** What an attempt asks of the authorizer that made it. */
interface Judge {
  allows(url: string): boolean;
}

/** One attempt of a request with one token. */
export class Attempt {
  /** Why there was no second attempt, where a renewal was tried and failed. */
  failure: unknown;
  readonly #judge: Judge;
  readonly #source: TokenSource;
  readonly #request: OutgoingRequest;
  readonly #token: AccessToken;
  readonly #last: boolean;

  constructor(judge: Judge, source: TokenSource, request: OutgoingRequest, token: AccessToken, last: boolean) {
    this.#judge = judge;
    this.#source = source;
    this.#request = request;
    this.#token = token;
    this.#last = last;
  }

  /** The value of the `Authorization` header. Not a property of its own, which a log would show. */
  get authorization(): string {
    return `${this.#token.type} ${this.#token.value}`;
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
    if (url !== undefined && !this.#judge.allows(url)) return undefined;
    // Before it redirected, the server may have done what an unsafe request asked for: it is not made again.
    if (replayable && (!redirected || /^(GET|HEAD|OPTIONS)$/i.test(this.#request.method ?? 'GET')))
      return this.#renew();
    // The next request must not go out with the same token; a failure shows in the source's events.
    this.#source.getToken({ rejected: this.#token.value }).catch(() => {});
    return undefined;
  }

  /** Adds to the client's error for an answer that is final why there was no second attempt, as the last of its causes. */
  explain(error: unknown): void {
    if (this.failure === undefined) return;
    let last = error as { cause?: unknown };
    // A client may have made one error of another already.
    for (let depth = 0; depth < 8 && typeof last.cause === 'object' && last.cause !== null; depth++) last = last.cause;
    last.cause = this.failure;
  }

  async #renew(): Promise<Attempt | undefined> {
    const rejected = this.#token.value;
    const { signal } = this.#request;
    try {
      const token = await this.#source.getToken({ rejected, signal });
      if (token.value === rejected)
        throw new TokenError('ERR_TOKEN_REJECTED', 'the token source has no other token than the refused one');
      internalsOf(this.#source)?.emit({ type: 'replayed' });
      return new Attempt(this.#judge, this.#source, this.#request, token, true);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      this.failure = error;
      return undefined;
    }
  }
}
