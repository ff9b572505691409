import { Backoff } from '../common/backoff.ts';
import { type Clock, elapsedSince, type Moment, momentOf } from '../common/clock.ts';
import { OAuthError, type TokenError } from '../common/errors.ts';

const second = 1_000;
const longest = 50 * second;

/** Why no token is requested now: the failure that it would follow too closely, and the milliseconds left. */
export interface Blocked {
  readonly error: TokenError;
  readonly wait: number;
}

/**
 * Whether the token endpoint is worth asking, judged by how it answered before. One of these stands for the endpoint and
 * the client; below it, one for each set of parameters keeps the failures that say nothing of any other, `invalid_scope` say.
 */
export class EndpointHealth {
  readonly #settings: { readonly clock: Clock; readonly random: () => number };
  readonly #shared: EndpointHealth | undefined;
  #backoff: Backoff | undefined;
  #error: TokenError | undefined;
  #failures = 0;
  #failingSince: Moment | undefined;

  constructor(settings: { readonly clock: Clock; readonly random: () => number }, shared?: EndpointHealth) {
    this.#settings = settings;
    this.#shared = shared;
  }

  get blocked(): Blocked | undefined {
    const shared = this.#shared?.blocked;
    if (shared !== undefined) return shared;
    const wait = this.#backoff?.left ?? 0;
    return this.#error === undefined || wait === 0 ? undefined : { error: this.#error, wait };
  }

  /** Starts anew: with a token, or with a secret that is another than the one that failed. */
  clear(): void {
    this.#shared?.clear();
    this.#forget();
  }

  /** Starts anew if this was the last failure here, and it does not count any more. */
  forgive(error: TokenError | undefined): void {
    if (this.#error === error) this.#forget();
  }

  failed(error: TokenError): void {
    if (this.#shared !== undefined && !isAboutParameters(error)) return this.#shared.failed(error);
    // Requests that were under way together fail together: that is one failure, not many.
    if (this.blocked !== undefined) return undefined;
    this.#error = error;
    this.#failingSince ??= momentOf(this.#settings.clock);
    this.#backoff ??= new Backoff(this.#settings);
    // A server that asks for no pause at all (or until a moment that has passed) is spared a storm nevertheless.
    this.#backoff.wait(error.retryAfter || this.#delay(error.transient));
    this.#failures++;
    return undefined;
  }

  #forget(): void {
    this.#backoff = undefined;
    this.#error = undefined;
    this.#failures = 0;
    this.#failingSince = undefined;
  }

  /**
   * Waits double from a quarter of a second to nearly two, and from then on are a third of the time that the outage has
   * lasted, up to a minute with their jitter: a short outage ends soon, a long one costs little. What somebody has to put
   * right, a refused secret say, is not asked for as often.
   */
  #delay(transient: boolean): number {
    const doubled = (transient ? second / 4 : 10 * second) * 2 ** this.#failures;
    if (!transient) return Math.min(doubled, longest);
    const outage = this.#failingSince === undefined ? 0 : elapsedSince(this.#failingSince, this.#settings.clock);
    return Math.min(doubled, Math.max(1.65 * second, outage / 3), longest);
  }
}

/** Whether a failure may be the secret's: an answer of the token endpoint that somebody has to do something about. */
export function isAboutSecret({ code, transient }: TokenError): boolean {
  return !transient && (code === 'ERR_OAUTH_RESPONSE' || code === 'ERR_TOKEN_REQUEST');
}

/** Whether another scope, say, may fare better: an answer to these parameters, and no refusal of the client itself. */
function isAboutParameters(error: TokenError): boolean {
  if (error instanceof OAuthError) return error.error !== 'invalid_client' && error.error !== 'unauthorized_client';
  return error.code === 'ERR_TOKEN_RESPONSE' || error.code === 'ERR_TOKEN_REJECTED';
}
