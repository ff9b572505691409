import type { AccessToken } from '../common/access-token.ts';
import { elapsedSince, momentOf } from '../common/clock.ts';
import { TokenError, tokenErrorOf } from '../common/errors.ts';
import type { TokenEventDetails } from '../common/events.ts';
import type { SingleFlight } from '../common/single-flight.ts';
import { acquire, type AcquisitionContext } from './acquisition.ts';
import { Gate, type Purpose } from './gate.ts';
import { HeldToken, type Phase, type RenewalOptions } from './held-token.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import { outlast } from './patience.ts';
import type { GetTokenOptions, RequestedToken } from './token-parameters.ts';

/** What the tokens of one source share. */
export interface LifecycleContext extends AcquisitionContext, RenewalOptions {
  readonly flights: SingleFlight<TokenLifecycle, AccessToken>;
  /** How many milliseconds a caller waits through transient failures. */
  readonly patience: number;
}

type WaitingPhase = Exclude<Phase, 'fresh' | 'ageing'> | 'missing' | 'rejected';

/** The life of the token for one set of parameters. There are no timers: whatever happens, happens because a caller asked. */
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

  getToken(options: GetTokenOptions = {}): Promise<AccessToken> {
    return this.#get(options, true);
  }

  /** @param patient - whether the caller waits through transient failures, until its time is over. */
  #get(options: GetTokenOptions, patient: boolean): Promise<AccessToken> {
    const { rejected, signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { held } = this;
    if (held === undefined) return this.#wait('missing', options, patient);
    const { phase } = held;
    if (phase === 'expired') return this.#wait('expired', options, patient);
    if (held.token.value === rejected) return this.#replace(held, options, patient);
    if (phase === 'late') return this.#waitOrServe('late', options, patient);
    // Nobody gets a refused token while a better one is on its way.
    if (held.refused && this.inUse) return this.#waitOrServe('rejected', options, patient);
    if (phase === 'ageing' && !this.inUse && this.#obstacle('background') === undefined)
      this.#context.flights.start(this, (end) => this.#acquire({}, true, end));
    return this.#serve(held, phase);
  }

  #serve(held: HeldToken, phase: Exclude<Phase, 'expired'> | 'rejected'): Promise<AccessToken> {
    if (this.#context.events.observed) this.#emit({ type: 'served', phase });
    return held.served;
  }

  async #wait(phase: WaitingPhase, options: GetTokenOptions, patient: boolean): Promise<AccessToken> {
    const { clock, patience } = this.#context;
    const began = momentOf(clock);
    try {
      return await this.#waitOnce(phase, options);
    } catch (error) {
      const left = patience - elapsedSince(began, clock);
      if (!patient || left <= 0 || options.signal?.aborted || !this.#mayPass(error)) throw error;
      const again = (signal: AbortSignal): Promise<AccessToken> => this.#get({ ...options, signal }, false);
      return outlast(
        error,
        { again, passes: (failure) => this.#mayPass(failure), gate: this.#gate, left },
        options.signal,
      );
    }
  }

  async #waitOnce(phase: WaitingPhase, options: GetTokenOptions): Promise<AccessToken> {
    // A renewal that brought nothing better than the old token does not count now that the old token is gone.
    if (phase === 'expired') this.#gate.forgive(this.held?.setback);
    const obstacle = this.inUse ? undefined : this.#obstacle(phase === 'rejected' ? 'refused' : 'caller');
    if (obstacle !== undefined) throw obstacle;
    this.#emit(this.inUse ? { type: 'joined' } : { type: 'missed', phase });
    const token = await this.#context.flights.join(this, (end) => this.#acquire(options, false, end), options.signal);
    if (token.value !== options.rejected) return token;
    throw new TokenError('ERR_TOKEN_REJECTED', 'the server issued the very token that the API refused');
  }

  /** Waits for a renewal. If there is none to be had, the current token serves until it expires. */
  async #waitOrServe(phase: 'late' | 'rejected', options: GetTokenOptions, patient: boolean): Promise<AccessToken> {
    try {
      return await this.#wait(phase, options, patient);
    } catch (error) {
      const { held } = this;
      if (options.signal?.aborted || held === undefined || held.phase === 'expired') throw error;
      return this.#serve(held, phase);
    }
  }

  /** An API refused the token that is held: all who say so get the one that replaces it. */
  async #replace(held: HeldToken, options: GetTokenOptions, patient: boolean): Promise<AccessToken> {
    if (!held.refused) {
      held.refused = true;
      this.#gate.refused(held);
      this.#emit({ type: 'rejected' });
    }
    return this.#wait('rejected', options, patient);
  }

  /** Whether a caller waits for a failure to pass: only without a usable token, and while the failing is not an outage. */
  #mayPass(error: unknown): boolean {
    if (this.held !== undefined && this.held.phase !== 'expired') return false;
    return tokenErrorOf(error)?.transient === true && this.#gate.failingFor <= this.#context.patience;
  }

  /** Why no token request may be started now, which is then also an event. */
  #obstacle(purpose: Purpose): TokenError | undefined {
    const blocked = this.#gate.blocked(purpose);
    if (blocked !== undefined) this.#emit({ type: 'skipped', code: blocked.error.code, wait: blocked.wait });
    return blocked?.error;
  }

  #acquire({ rejected, claims }: GetTokenOptions, background: boolean, signal: AbortSignal): Promise<AccessToken> {
    const { held, parameters } = this;
    const acquisition = { parameters, held, rejected, claims, background, gate: this.#gate };
    return acquire(this.#context, acquisition, (issued) => this.#keep(issued), signal);
  }

  #emit(details: TokenEventDetails): void {
    this.#context.events.emit(this.parameters.scope, details);
  }

  /** Takes a new token in place of the old one, unless the old one is the better. */
  #keep(issued: IssuedToken): AccessToken {
    const { held } = this;
    const flaw = held?.flawOf(issued);
    if (held?.refused) this.#gate.renewed(flaw && held.lifetime);
    if (held !== undefined && flaw !== undefined) {
      this.#emit({ type: 'discarded', reason: flaw });
      throw held.setBack();
    }
    this.held = issued.lifetime > 0 ? new HeldToken(issued, this.#context) : undefined;
    return issued.token;
  }
}
