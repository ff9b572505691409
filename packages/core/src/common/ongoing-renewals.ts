import pMemoize from 'p-memoize';
import type { AccessToken } from './access-token.ts';
import type { Renewal, RunRenewal } from './renewal.ts';

/** The token requests of one client that are under way, each run once for all who wait for it. */
export class OngoingRenewals {
  readonly #tokens: Map<Renewal, Promise<AccessToken>> = new Map();
  readonly #once: RunRenewal = pMemoize((renewal: Renewal) => renewal.run(), { cache: false });

  readonly run: RunRenewal = (renewal) => {
    const token = this.#once(renewal);
    if (!this.#tokens.has(renewal)) {
      const over = (): unknown => this.#tokens.delete(renewal);
      this.#tokens.set(renewal, token);
      token.then(over, over);
    }
    return token;
  };

  /** Waits until they have ended, however they do. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#tokens.values());
  }

  /** Ends them: whoever waits for one gets the reason. */
  abort(reason: unknown): void {
    for (const renewal of this.#tokens.keys()) renewal.abort(reason);
  }
}
