import type { AccessToken } from '../common/access-token.ts';
import { TokenError } from '../common/errors.ts';
import { type LifecycleContext, TokenLifecycle } from './token-lifecycle.ts';
import type { TokenRequestParameters } from './token-parameters.ts';

/** Why there are no tokens any more. */
export function closedError(): TokenError {
  return new TokenError('ERR_TOKEN_REQUEST', 'the token source has been disposed of');
}

const closed = { getToken: (): Promise<AccessToken> => Promise.reject(closedError()) };

/** The tokens of one client, one for each set of parameters. Above its bound the one unused for longest goes, unless it is under way. */
export class TokenCache {
  readonly #context: LifecycleContext;
  /** In the order of their last use. */
  readonly #lifecycles: Map<string, TokenLifecycle> = new Map();
  #latestKey: string | undefined;
  #latest: TokenLifecycle | undefined;
  #closed = false;

  constructor(context: LifecycleContext) {
    this.#context = context;
  }

  lifecycle(parameters: TokenRequestParameters): Pick<TokenLifecycle, 'getToken'> {
    const { key } = parameters;
    if (this.#latest !== undefined && key === this.#latestKey) return this.#latest;
    if (this.#closed) return closed;
    const lifecycle = this.#lifecycles.get(key) ?? new TokenLifecycle(this.#context, parameters);
    this.#lifecycles.delete(key);
    this.#lifecycles.set(key, lifecycle);
    this.#latestKey = key;
    this.#latest = lifecycle;
    this.#evict();
    return lifecycle;
  }

  /** Gives up the tokens of these parameters, or all: a request that is under way ends, but its token is not kept. */
  forget(parameters?: TokenRequestParameters): TokenLifecycle[] {
    const keys = parameters === undefined ? [...this.#lifecycles.keys()] : [parameters.key];
    const forgotten = keys.flatMap((key) => this.#lifecycles.get(key) ?? []);
    for (const key of keys) this.#lifecycles.delete(key);
    this.#latest = undefined;
    return forgotten;
  }

  /** From now on there are no tokens. */
  close(): void {
    this.#closed = true;
    this.forget();
  }

  #evict(): void {
    let excess = this.#lifecycles.size - this.#context.settings.maxCachedTokens;
    if (excess <= 0) return;
    for (const [key, lifecycle] of this.#lifecycles) {
      if (lifecycle.inFlight || lifecycle === this.#latest) continue;
      this.#lifecycles.delete(key);
      if (--excess === 0) return;
    }
  }
}
