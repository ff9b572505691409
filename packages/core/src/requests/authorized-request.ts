import type { AccessToken } from '../common/access-token.ts';
import { asksForNonce, asksForToken } from './challenge.ts';
import { TokenError } from '../common/errors.ts';
import { type AnyHeaders, readHeader } from './headers.ts';
import type { TokenParameters } from '../source/options.ts';
import { internalsOf, type TokenSource } from '../source/token-source.ts';

/** What one request may say about its token: none, or one for another scope, resource or audience. */
export type BearerAuthRequest = false | TokenParameters;

/** A request that is about to leave. */
export interface OutgoingRequest {
  /** The absolute URL that it goes to, of this very hop. */
  readonly url: string;
  /** The HTTP method. @defaultValue `GET` */
  readonly method?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The headers that it has already: an `Authorization` among them is respected. */
  readonly headers?: AnyHeaders;
  readonly bearerAuth?: BearerAuthRequest | undefined;
}

/** An answer, as far as it decides about one more try. A `Response` is one. */
export interface IncomingResponse {
  readonly status: number;
  readonly headers: AnyHeaders;
  /** Where the answer came from; as good as not known where it is empty. */
  readonly url?: string | undefined;
  /** Whether a redirect was followed. */
  readonly redirected?: boolean | undefined;
}

/** What an attempt was made for, and who says where its token may go, and as what. */
interface Context {
  readonly judge: { allows(url: string): boolean; headersOf(token: AccessToken): Readonly<Record<string, string>> };
  readonly source: TokenSource;
  readonly request: OutgoingRequest;
}

/** What attempts were made for already: a request is made once more for each of these, at most. */
interface Retried {
  readonly nonce?: true;
  readonly token?: true;
}

/** One attempt of a request with one token. */
export class Attempt {
  /** Why there was no second attempt, where a renewal was tried and failed. */
  failure: unknown;
  readonly #context: Context;
  readonly #token: AccessToken;
  readonly #proof: string | undefined;
  readonly #retried: Retried | undefined;

  private constructor(context: Context, token: AccessToken, proof: string | undefined, retried?: Retried) {
    this.#context = context;
    this.#token = token;
    this.#proof = proof;
    this.#retried = retried;
  }

  /** Makes an attempt, with a proof for this very request where the token is bound to a key. */
  static make(context: Context, token: AccessToken, retried?: Retried): Attempt | Promise<Attempt> {
    const key = token.type === 'DPoP' ? internalsOf(context.source)?.proofKey : undefined;
    if (key === undefined) return new Attempt(context, token, undefined, retried);
    const { method = 'GET', url } = context.request;
    return key.prove(method, url, token).then((proof) => new Attempt(context, token, proof, retried));
  }

  /** The headers that the request carries, by their names in lower case. Not a property of its own, which a log would show. */
  get headers(): Readonly<Record<string, string>> {
    const headers = this.#context.judge.headersOf(this.#token);
    return this.#proof === undefined ? headers : { ...headers, dpop: this.#proof };
  }

  /** Whether the headers are good for this one URL only, so that no redirect may take them along. */
  get bound(): boolean {
    return this.#proof !== undefined;
  }

  /** Whether the headers may go to this URL, where it is another than it was. */
  allows(url: string): boolean {
    return this.#context.judge.allows(url);
  }

  /** What of these headers the request carries on where a redirect leads it: all, or none. */
  headersAt(url: string): Readonly<Record<string, string>> {
    return !this.bound && this.allows(url) ? this.headers : {};
  }

  /** Whether an answer with this status is to be shown to {@link Attempt.retry | retry()}. The others are final, and say nothing. */
  concerns(status: number): boolean {
    return status === 401 || this.#proof !== undefined;
  }

  /**
   * The one more try that this answer deserves; `undefined`, at once or after a renewal that failed, where it is final.
   * `replayable` says whether the request's body can be sent again, byte for byte.
   */
  retry(response: IncomingResponse, replayable: boolean): Promise<Attempt | undefined> | undefined {
    const { status, headers, url, redirected } = response;
    const { source, request } = this.#context;
    if (url && !this.allows(url)) return undefined;
    const nonce = readHeader(headers, 'dpop-nonce');
    if (nonce) internalsOf(source)?.proofKey?.learn(url || request.url, nonce);
    // Where a redirect led, there was no proof: to ask again would lead there again.
    if (status !== 401 || (redirected && this.bound)) return undefined;
    // Before it redirected, the server may have done what an unsafe request asked for: it is not made again.
    const again = replayable && (!redirected || /^(GET|HEAD|OPTIONS)$/i.test(request.method ?? 'GET'));
    const challenge = readHeader(headers, 'www-authenticate');
    if (nonce && asksForNonce(challenge)) {
      return again && !this.#retried?.nonce ? this.#replay(this.#token, { ...this.#retried, nonce: true }) : undefined;
    }
    if (this.#retried?.token || !asksForToken(challenge)) return undefined;
    if (again) return this.#renew();
    // The next request must not go out with the same token; a failure shows in the source's events.
    (async () => source.getToken({ rejected: this.#token.value }))().catch(() => {});
    return undefined;
  }

  /** Adds to the client's error for an answer that is final why there was no second attempt, as the last of its causes. */
  explain(error: unknown): void {
    if (this.failure === undefined) return;
    let last = error as { cause?: unknown };
    // A client may have made one error of another already.
    for (let depth = 0; depth < 8 && typeof last.cause === 'object' && last.cause !== null; depth++) last = last.cause;
    Reflect.set(last, 'cause', this.failure);
  }

  async #renew(): Promise<Attempt | undefined> {
    const rejected = this.#token.value;
    const { source, request } = this.#context;
    const { signal } = request;
    try {
      const token = await source.getToken({ rejected, signal });
      if (token.value !== rejected) return await this.#replay(token, { ...this.#retried, token: true });
      throw new TokenError('ERR_TOKEN_REJECTED', 'the token source has no other token than the refused one');
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      this.failure = error;
      return undefined;
    }
  }

  async #replay(token: AccessToken, retried: Retried): Promise<Attempt> {
    const second = await Attempt.make(this.#context, token, retried);
    internalsOf(this.#context.source)?.emit({ type: 'replayed' });
    return second;
  }
}
