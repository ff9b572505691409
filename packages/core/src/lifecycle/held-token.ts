import type { AccessToken } from '../common/access-token.ts';
import { type Clock, elapsedSince } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import { type IssuedToken, marginOf } from '../common/issued-token.ts';

/** How much of a token's life is left. {@link TokenLifecycle} decides what follows from it. */
export type Phase = 'fresh' | 'ageing' | 'late' | 'expired';

/** Why a new token is no better than the one that is held. */
export type Flaw = 'same-token' | 'earlier-expiry';

/** Counts the refusals of an API. */
export interface RefusalCounter {
  /** @param inVain - the lifetime of a token that the renewal brought once more: that counts as one more refusal. */
  renewed(inVain: number | undefined): void;
}

const none: readonly RefusalCounter[] = [];

/** When tokens are renewed. */
export interface RenewalOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly refreshWindow: number | undefined;
  readonly expiryMargin: number | undefined;
}

/** The ages, in milliseconds, at which a token begins to be ageing, and late. */
export function renewalAges(
  { lifetime, refreshIn }: { readonly lifetime: number; readonly refreshIn: number | undefined },
  { random, refreshWindow, expiryMargin }: Omit<RenewalOptions, 'clock'>,
): { readonly ageing: number; readonly late: number } {
  const jitter = 0.9 + 0.2 * random();
  // Half of the lifetime at most: a window wider than the lifetime would renew at every call.
  const window = Math.min((refreshWindow ?? Math.min(lifetime / 4, 300_000)) * jitter, lifetime / 2);
  const margin = Math.min(expiryMargin ?? marginOf(lifetime), window);
  const ageing = refreshIn !== undefined && refreshIn < lifetime ? refreshIn : lifetime - window;
  return { ageing, late: Math.max(ageing, lifetime - margin) };
}

/** A token that is kept. It knows its age, which is counted from the start of the token request that brought it. */
export class HeldToken {
  readonly token: AccessToken;
  /** The token as every caller gets it: one promise for all. */
  readonly served: Promise<AccessToken>;
  /** Those who count the refusals of the APIs that have refused it. */
  refusals: readonly RefusalCounter[] = none;
  /** The failure of a renewal that brought nothing better. It does not count once this token is of no more use. */
  setback: TokenError | undefined;
  readonly #clock: Clock;
  readonly #issued: IssuedToken;
  /** The ages at which the token begins to be ageing, and late. */
  readonly #ageing: number;
  readonly #late: number;

  constructor(issued: IssuedToken, options: RenewalOptions) {
    const { ageing, late } = renewalAges(issued, options);
    this.token = issued.token;
    this.served = Promise.resolve(issued.token);
    this.#clock = options.clock;
    this.#issued = issued;
    this.#ageing = ageing;
    this.#late = late;
  }

  /** Whether an API has refused it. */
  get refused(): boolean {
    return this.refusals.length > 0;
  }

  get lifetime(): number {
    return this.#issued.lifetime;
  }

  get phase(): Phase {
    const age = elapsedSince(this.#issued.start, this.#clock);
    if (age < this.#ageing) return 'fresh';
    if (age < this.#late) return 'ageing';
    return age < this.#issued.lifetime ? 'late' : 'expired';
  }

  /** Why `other` is no better than this token; `undefined` where it is better. */
  flawOf(other: IssuedToken): Flaw | undefined {
    const left = lifeLeft(this.#issued, this.#clock);
    if (left <= 0) return undefined;
    const longer = lifeLeft(other, this.#clock) > left;
    const { value, expiresAt } = other.token;
    // Where nobody said when the token expires, its issuer has now said that it is still valid.
    if (value === this.token.value)
      return longer && expiresAt === undefined && !this.refused ? undefined : 'same-token';
    return this.refused || longer ? undefined : 'earlier-expiry';
  }

  /** Records that a renewal brought nothing better. */
  setBack(): TokenError {
    const code = this.refused ? 'ERR_TOKEN_REJECTED' : 'ERR_TOKEN_RESPONSE';
    return (this.setback = new TokenError(code, 'the renewal brought no better token', { transient: true }));
  }
}

/** Milliseconds until a token expires; 0 or less when it has. */
export function lifeLeft({ start, lifetime }: IssuedToken, clock: Clock): number {
  return lifetime - elapsedSince(start, clock);
}
