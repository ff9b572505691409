import { withDeadline } from '../common/deadline.ts';
import { TokenError } from '../common/errors.ts';
import { OngoingRenewals } from '../common/ongoing-renewals.ts';
import type { Settings } from './settings.ts';
import type { SharedAcquisition } from '../fleet/shared-acquisition.ts';
import type { AcquiringStore } from '../fleet/shared-store.ts';
import { closedError, TokenCache } from '../lifecycle/token-cache.ts';
import { TokenEndpoint } from '../server/token-endpoint.ts';
import type { TokenLifecycle } from '../lifecycle/token-lifecycle.ts';
import type { TokenRequestParameters } from '../lifecycle/token-parameters.ts';

/** One client of an authorization server, with all its tokens. */
export class Client {
  readonly settings: Settings;
  readonly cache: TokenCache;
  readonly #endpoint: TokenEndpoint;
  readonly #shared: SharedAcquisition | undefined;
  readonly #renewals: OngoingRenewals = new OngoingRenewals();

  constructor(settings: Settings) {
    this.settings = settings;
    this.#shared = (settings.store as AcquiringStore | undefined)?.acquisition(settings);
    this.#endpoint = new TokenEndpoint(settings);
    this.cache = new TokenCache({ settings, endpoint: this.#endpoint, shared: this.#shared, run: this.#renewals.run });
  }

  /**
   * Gives up the tokens of these parameters, or all, and makes them worthless.
   *
   * @throws TokenError of the first that could not be revoked, after all have been tried.
   */
  async revoke(parameters?: TokenRequestParameters): Promise<void> {
    const forgotten = this.cache.forget(parameters);
    await this.#renewals.ended();
    const results = await Promise.allSettled(forgotten.map((lifecycle) => this.#revoke(lifecycle)));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #revoke({ held, parameters }: TokenLifecycle): Promise<void> {
    if (held === undefined || held.phase === 'expired') return;
    this.#shared?.revoked(parameters, held.token.value);
    const { timeout } = this.settings;
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `a token could not be revoked within ${timeout} ms`, { transient: true });
    await withDeadline(timeout, late, (signal) => this.#endpoint.revoke(held.token.value, signal));
  }

  /** Gives up all tokens, ends what is under way, and serves no more. */
  async close(): Promise<void> {
    this.cache.close();
    this.#renewals.abort(closedError());
    await this.#renewals.ended();
    await this.settings.grant.rotation?.ended();
  }
}
