import type { AccessToken } from '../common/access-token.ts';
import { type Clock, elapsedSince, type Moment } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import type { Settings } from '../source/settings.ts';
import type { Grant } from '../server/token-response.ts';

/** How much longer a token is good for; what follows from each phase is decided by the token's lifecycle. */
export type Phase = 'fresh' | 'ageing' | 'late' | 'expired';

const minute = 60_000;

/** A token that is kept, and what it knows of its own age: counted from the start of the token request that brought it. */
export class HeldToken {
  readonly token: AccessToken;
  /** The token as every caller gets it: resolved once, for all. */
  readonly served: Promise<AccessToken>;
  /** Whether an API has refused it. */
  refused = false;
  /** How a renewal of it failed by bringing nothing better: no reason to wait once this token is of no more use. */
  setback: TokenError | undefined;
  readonly #clock: Clock;
  readonly #start: Moment;
  /** The ages at which it is time for a renewal, at which callers had better wait for one, and at which it is over. */
  readonly #ageing: number;
  readonly #late: number;
  readonly #lifetime: number;

  constructor({ token, start, lifetime, refreshIn }: Grant, settings: Settings) {
    const jitter = 0.9 + 0.2 * settings.random();
    // No more than half of the lifetime, or a window wider than the lifetime would renew at every call.
    const window = Math.min((settings.refreshWindow ?? Math.min(lifetime / 4, 5 * minute)) * jitter, lifetime / 2);
    const margin = Math.min(settings.expiryMargin ?? Math.min(lifetime / 10, minute / 2), window);
    this.token = token;
    this.served = Promise.resolve(token);
    this.#clock = settings.clock;
    this.#start = start;
    this.#ageing = refreshIn !== undefined && refreshIn < lifetime ? refreshIn : lifetime - window;
    this.#late = Math.max(this.#ageing, lifetime - margin);
    this.#lifetime = lifetime;
  }

  get phase(): Phase {
    const age = elapsedSince(this.#start, this.#clock);
    if (age < this.#ageing) return 'fresh';
    if (age < this.#late) return 'ageing';
    return age < this.#lifetime ? 'late' : 'expired';
  }

  /** Why another token is no better than this one, if it is not; that is the {@link setback}, too. */
  objectionTo(other: Grant): 'same-token' | 'earlier-expiry' | undefined {
    const objection = this.flawOf(other);
    if (objection !== undefined) {
      const code = this.refused ? 'ERR_TOKEN_REJECTED' : 'ERR_TOKEN_RESPONSE';
      this.setback = new TokenError(code, 'the renewal brought no better token', { transient: true });
    }
    return objection;
  }

  /** The same, without a consequence. */
  flawOf({ token, start, lifetime }: Grant): 'same-token' | 'earlier-expiry' | undefined {
    const left = this.#lifetime - elapsedSince(this.#start, this.#clock);
    if (left <= 0) return undefined;
    if (token.value === this.token.value) return 'same-token';
    return this.refused || lifetime - elapsedSince(start, this.#clock) > left ? undefined : 'earlier-expiry';
  }
}
