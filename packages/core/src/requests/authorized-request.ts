import { causesOf } from '../common/causes.ts';
import { TokenError } from '../common/errors.ts';
import type { GetTokenOptions } from '../lifecycle/token-parameters.ts';
import { askFor, tokenSources } from '../source/token-source.ts';
import { canSendAgain } from '../common/body.ts';
import { claimsIn } from './challenge.ts';
import { asHeaders, readHeader } from './headers.ts';
import type { Context, IncomingResponse } from './messages.ts';
import { isSameOrigin, originOf } from './origins.ts';
import type { PresentedToken } from './presented-token.ts';
import { type Tried, untried, verdictOn } from './verdict.ts';

/** A request with its token. When it is to be sent again, there is another one of these. */
export class AuthorizedRequest {
  /** Why the request was not sent again, where the renewal of its token failed, or the user's `refused` did. */
  failure: unknown;
  readonly #context: Context;
  readonly #token: PresentedToken;
  readonly #proof: string | undefined;
  readonly #tried: Tried;

  private constructor(context: Context, token: PresentedToken, proof: string | undefined, tried: Tried = untried) {
    this.#context = context;
    this.#token = token;
    this.#proof = proof;
    this.#tried = tried;
  }

  /** Makes one, with a proof for this very request where the token is bound to a key. */
  static make(context: Context, token: PresentedToken, tried?: Tried): AuthorizedRequest | Promise<AuthorizedRequest> {
    const prover = token.type === 'DPoP' ? tokenSources.behind(context.source)?.prover : undefined;
    if (prover === undefined) return new AuthorizedRequest(context, token, undefined, tried);
    const { method = 'GET', url } = context.request;
    return prover.prove(method, url, token).then((proof) => new AuthorizedRequest(context, token, proof, tried));
  }

  /** The headers to send, by their names in lower case. An accessor, so that logs do not show them. */
  get headers(): Readonly<Record<string, string>> {
    const { headers } = this.#token;
    return this.#proof === undefined ? headers : { ...headers, dpop: this.#proof };
  }

  /** Whether the headers hold a proof, which is valid only for this URL: do not send them on to a redirect's target. */
  get hasProof(): boolean {
    return this.#proof !== undefined;
  }

  /** Whether an `Authorization` that the client itself sets gives way to the token. */
  get replaces(): boolean {
    return this.#context.rules.replace;
  }

  /** Whether the token may go to another URL. */
  allows(url: string): boolean {
    return this.#context.rules.allows(url);
  }

  /** The headers to send where a redirect leads: all of them, or none. */
  headersAt(url: string): Readonly<Record<string, string>> {
    return !this.hasProof && this.allows(url) ? this.headers : {};
  }

  /** Whether to pass an answer with this status to {@link AuthorizedRequest.retry | retry()}. Other answers are final. */
  mayRetry(status: number): boolean {
    return status === 401 || this.hasProof || this.#context.refused !== undefined;
  }

  /**
   * Returns the request to send in place of this one, or `undefined` (at once, or after a failed renewal) if the answer is final.
   *
   * @param body - the body of the request, as the client was given it.
   * @param release - called before the token is renewed to send the request again: it frees the connection of the answer, which
   * the token request may need. Must not reject.
   * @throws what `refused` throws; the promise rejects with the reason of the request's signal, when that is aborted during the
   * renewal. Any other error is the {@link AuthorizedRequest.failure | failure} of this request.
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 | RFC 6750 §3.1}
   */
  retry(
    response: IncomingResponse,
    body: unknown,
    release?: () => Promise<unknown>,
  ): Promise<AuthorizedRequest | undefined> | undefined {
    const { source, request, refused: isRefused } = this.#context;
    const { status, headers, url, redirected = false } = response;
    const { carried = !redirected || !url || isSameOrigin(url, request.url) } = response;
    if (url && !this.allows(url)) {
      tokenSources.behind(source)?.emit({ type: 'passed', reason: 'origin' });
      return undefined;
    }
    const nonce = readHeader(headers, 'dpop-nonce');
    if (nonce) tokenSources.behind(source)?.prover?.learn(url || request.url, nonce);
    if (!carried || !this.mayRetry(status)) return undefined;
    const challenge = readHeader(headers, 'www-authenticate');
    const claims = claimsIn(challenge);
    const safe = /^(GET|HEAD|OPTIONS)$/i.test(request.method ?? 'GET');
    const [tried, hasProof, replayable] = [this.#tried, this.hasProof, canSendAgain(body)];
    let refused: unknown;
    try {
      refused = isRefused && isRefused({ status, headers: asHeaders(headers) });
    } catch (error) {
      this.failure = error;
      return undefined;
    }
    const verdict = verdictOn({ status, challenge, nonce, tried, hasProof, replayable, safe, redirected, refused });
    if (verdict === 'nonce') return this.#again(this.#token, { ...tried, nonce: true });
    if (verdict === 'renew') return this.#renew(this.#demand(response, claims), release);
    // So that the next request does not carry the same token. A failure is an event of the source.
    if (verdict === 'renew-only') askFor(source, this.#demand(response, claims)).catch(() => {});
    return undefined;
  }

  /** Attaches the {@link AuthorizedRequest.failure | failure} to the client's error, as the last of its causes. Never throws. */
  attachCause(error: unknown): void {
    if (this.failure !== undefined) Reflect.set(causesOf(error).at(-1) ?? {}, 'cause', this.failure);
  }

  /** What to ask the source for. */
  #demand({ url }: IncomingResponse, claims: string | undefined): GetTokenOptions {
    const rejectedBy = originOf(url || this.#context.request.url);
    return { rejected: this.#token.value, rejectedBy, ...(claims && { claims }) };
  }

  async #renew(demand: GetTokenOptions, release?: () => Promise<unknown>): Promise<AuthorizedRequest | undefined> {
    const { rules, source, request } = this.#context;
    const signal = request.signal ?? undefined;
    try {
      await release?.();
      const token = rules.present(await askFor(source, { ...demand, signal }));
      if (token.value !== demand.rejected) return await this.#again(token, { ...this.#tried, token: true });
      throw new TokenError('ERR_TOKEN_REJECTED', 'the token source has no other token than the refused one');
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      this.failure = error;
      return undefined;
    }
  }

  async #again(token: PresentedToken, tried: Tried): Promise<AuthorizedRequest> {
    const second = await AuthorizedRequest.make(this.#context, token, tried);
    tokenSources.behind(this.#context.source)?.emit({ type: 'replayed' });
    return second;
  }
}
