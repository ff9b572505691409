import { type LifecycleContext, TokenLifecycle } from './token-lifecycle.ts';
import type { TokenRequestParameters } from './token-parameters.ts';

/** The tokens of one client, one for each set of parameters. Above its bound the one unused for longest goes, unless it is under way. */
export class TokenCache {
  readonly #context: LifecycleContext;
  /** In the order of their last use. */
  readonly #lifecycles: Map<string, TokenLifecycle> = new Map();
  #latestKey: string | undefined;
  #latest: TokenLifecycle | undefined;

  constructor(context: LifecycleContext) {
    this.#context = context;
  }

  lifecycle(parameters: TokenRequestParameters): TokenLifecycle {
    const { key } = parameters;
    if (this.#latest !== undefined && key === this.#latestKey) return this.#latest;
    const lifecycle = this.#lifecycles.get(key) ?? new TokenLifecycle(this.#context, parameters);
    this.#lifecycles.delete(key);
    this.#lifecycles.set(key, lifecycle);
    this.#latestKey = key;
    this.#latest = lifecycle;
    this.#evict();
    return lifecycle;
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
