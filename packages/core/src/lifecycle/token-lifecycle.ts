import type { AccessToken } from '../common/access-token.ts';
import { TokenError } from '../common/errors.ts';
import type { TokenEventDetails } from '../common/events.ts';
import type { SingleFlight } from '../common/single-flight.ts';
import { acquire, type AcquisitionContext } from './acquisition.ts';
import { Gate, type Purpose } from './gate.ts';
import { HeldToken, type Phase, type RenewalOptions } from './held-token.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import type { RequestedToken } from './token-parameters.ts';

/** What a caller says of the token that it wants. */
export interface GetTokenOptions {
  /** The value of a token that the API refused: the caller wants another one. All who say so share one token request. */
  readonly rejected?: string | undefined;
  /** Ends this caller's wait, with the signal's reason. Others go on waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** What the tokens of one source share. */
export interface LifecycleContext extends AcquisitionContext, RenewalOptions {
  readonly flights: SingleFlight<TokenLifecycle, AccessToken>;
}

/**
 * The life of the token for one set of parameters: missing, fresh, ageing, late, expired, or refused by an API. There are
 * no timers: whatever happens, happens because a caller asked.
 */
export class TokenLifecycle {
  readonly parameters: RequestedToken;
  readonly #context: LifecycleContext;
  readonly #gate: Gate;
  held: HeldToken | undefined;

  constructor(context: LifecycleContext, parameters: RequestedToken) {
    this.parameters = parameters;
    this.#context = context;
    this.#gate = new Gate(context);
  }

  /** Whether a token request is under way. */
  get inUse(): boolean {
    return this.#context.flights.isUnderWay(this);
  }

  getToken({ rejected, signal }: GetTokenOptions = {}): Promise<AccessToken> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { held } = this;
    if (held === undefined) return this.#wait('missing', signal, rejected);
    const { phase } = held;
    if (phase === 'expired') return this.#wait('expired', signal, rejected);
    if (held.token.value === rejected) return this.#replace(held, signal);
    if (phase === 'late') return this.#waitOrServe('late', signal);
    // Nobody gets a refused token while a better one is on its way.
    if (held.refused && this.inUse) return this.#waitOrServe('rejected', signal);
    if (phase === 'ageing' && !this.inUse && this.#obstacle('background') === undefined)
      this.#context.flights.start(this, (end) => this.#acquire(true, undefined, end));
    return this.#serve(held, phase);
  }

  #serve(held: HeldToken, phase: Exclude<Phase, 'expired'> | 'rejected'): Promise<AccessToken> {
    if (this.#context.events.observed) this.#emit({ type: 'served', phase });
    return held.served;
  }

  async #wait(
    phase: Exclude<Phase, 'fresh' | 'ageing'> | 'missing' | 'rejected',
    signal: AbortSignal | undefined,
    rejected?: string,
  ): Promise<AccessToken> {
    // A renewal that brought nothing better than the old token does not count now that the old token is gone.
    if (phase === 'expired') this.#gate.forgive(this.held?.setback);
    const { inUse } = this;
    const obstacle = inUse ? undefined : this.#obstacle(phase === 'rejected' ? 'refused' : 'caller');
    if (obstacle !== undefined) throw obstacle;
    this.#emit(inUse ? { type: 'joined' } : { type: 'missed', phase });
    const token = await this.#context.flights.join(this, (end) => this.#acquire(false, rejected, end), signal);
    if (token.value !== rejected) return token;
    throw new TokenError('ERR_TOKEN_REJECTED', 'the server issued the very token that the API refused');
  }

  /** Waits for a renewal. If there is none to be had, the current token serves until it expires. */
  async #waitOrServe(phase: 'late' | 'rejected', signal: AbortSignal | undefined): Promise<AccessToken> {
    try {
      return await this.#wait(phase, signal);
    } catch (error) {
      const { held } = this;
      if (signal?.aborted || held === undefined || held.phase === 'expired') throw error;
      return this.#serve(held, phase);
    }
  }

  /** An API refused the token that is held: all who say so get the one that replaces it. */
  async #replace(held: HeldToken, signal: AbortSignal | undefined): Promise<AccessToken> {
    if (!held.refused) {
      held.refused = true;
      this.#gate.forgive(held.setback);
      this.#gate.refused();
      this.#emit({ type: 'rejected' });
    }
    return this.#wait('rejected', signal, held.token.value);
  }

  /** Why no token request may be started now, which is then also an event. */
  #obstacle(purpose: Purpose): TokenError | undefined {
    const blocked = this.#gate.blocked(purpose);
    if (blocked !== undefined) this.#emit({ type: 'skipped', code: blocked.error.code, wait: blocked.wait });
    return blocked?.error;
  }

  #acquire(background: boolean, rejected: string | undefined, signal: AbortSignal): Promise<AccessToken> {
    const { held, parameters } = this;
    const acquisition = { parameters, held, rejected, background, gate: this.#gate };
    return acquire(this.#context, acquisition, (issued) => this.#keep(issued), signal);
  }

  #emit(details: TokenEventDetails): void {
    this.#context.events.emit(this.parameters.scope, details);
  }

  /** Takes a new token in place of the old one, unless the old one is the better. */
  #keep(issued: IssuedToken): AccessToken {
    const { held } = this;
    const flaw = held?.flawOf(issued);
    if (held?.refused) this.#gate.renewed(flaw !== undefined);
    if (held !== undefined && flaw !== undefined) {
      this.#emit({ type: 'discarded', reason: flaw });
      throw held.setBack();
    }
    this.held = issued.lifetime > 0 ? new HeldToken(issued, this.#context) : undefined;
    return issued.token;
  }
}
