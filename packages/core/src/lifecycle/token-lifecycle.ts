import type { AccessToken } from '../common/access-token.ts';
import { TokenError } from '../common/errors.ts';
import type { TokenEventDetails } from '../common/events.ts';
import type { Work } from '../common/flight.ts';
import { lost, type SingleFlight } from '../common/single-flight.ts';
import { acquire, type AcquisitionContext } from './acquisition.ts';
import { Gate, type Purpose } from './gate.ts';
import { HeldToken, type Phase, type RenewalOptions } from './held-token.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import { outlast, type PatienceContext } from './patience.ts';
import { type GetTokenOptions, readGetTokenOptions, type RequestedToken } from './token-parameters.ts';

/** What the tokens of one source share. */
export interface LifecycleContext extends AcquisitionContext, RenewalOptions, PatienceContext {
  readonly flights: SingleFlight<TokenLifecycle, AccessToken>;
}

type WaitingPhase = Exclude<Phase, 'fresh' | 'ageing'> | 'missing' | 'rejected';

/** The life of the token for one set of parameters. There are no timers: whatever happens, happens because a caller asked. */
export class TokenLifecycle {
  readonly parameters: RequestedToken;
  readonly #context: LifecycleContext;
  readonly #gate: Gate;
  held: HeldToken | undefined;
  #patient = 0;

  constructor(context: LifecycleContext, parameters: RequestedToken) {
    this.parameters = parameters;
    this.#context = context;
    this.#gate = new Gate(context);
  }

  /** Whether somebody waits for a token, or a request for one is under way. */
  get inUse(): boolean {
    return this.#patient > 0 || this.#underWay !== undefined;
  }

  get #underWay(): number | undefined {
    return this.#context.flights.underWay(this);
  }

  getToken(options: GetTokenOptions): Promise<AccessToken> {
    const token = this.#attempt(options);
    return token === this.held?.served ? token : this.#patiently(token, options);
  }

  /** An API refused this token. */
  refuse(value: string): void {
    // A failure is an event, and the next caller gets it.
    if (this.held?.token.value === value) this.getToken(readGetTokenOptions({ rejected: value })).catch(() => {});
  }

  #patiently(token: Promise<AccessToken>, options: GetTokenOptions): Promise<AccessToken> {
    const again = (signal: AbortSignal): Promise<AccessToken> => this.#attempt({ ...options, signal });
    const caller = { gate: this.#gate, again, isInNeed: () => (this.held?.phase ?? 'expired') === 'expired' };
    this.#patient++;
    return outlast(token, caller, this.#context, options.signal).finally(() => this.#patient--);
  }

  #attempt(options: GetTokenOptions): Promise<AccessToken> {
    const { rejected, signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { held } = this;
    if (held === undefined) return this.#wait('missing', options);
    const { phase } = held;
    if (phase === 'expired') return this.#wait(phase, options);
    if (held.token.value === rejected) return this.#replace(held, options);
    if (phase === 'late') return this.#waitOrServe('late', options);
    // Nobody gets a refused token while a better one is on its way.
    if (held.refused && this.#underWay) return this.#waitOrServe('rejected', options);
    if (phase === 'ageing' && !this.#underWay && !this.#obstacle('background'))
      this.#context.flights.start(this, (end, number) => this.#acquire({}, true, end, number));
    return this.#serve(held, phase);
  }

  #serve(held: HeldToken, phase: Exclude<Phase, 'expired'> | 'rejected'): Promise<AccessToken> {
    if (this.#context.events.observed) this.#emit({ type: 'served', phase });
    return held.served;
  }

  async #wait(phase: WaitingPhase, options: GetTokenOptions): Promise<AccessToken> {
    // A renewal that brought nothing better than the old token does not count now that the old token is gone.
    if (phase === 'expired') this.#gate.forgive(this.held?.setback);
    const obstacle = !this.#underWay && this.#obstacle(phase === 'rejected' ? 'refused' : 'caller', options.rejectedBy);
    if (obstacle) throw obstacle;
    const joined = this.#underWay;
    this.#emit(joined ? { type: 'joined' } : { type: 'missed', phase }, joined);
    try {
      const work: Work<AccessToken> = (end, number) => this.#acquire(options, false, end, number);
      const token = await this.#context.flights.join(this, work, options.signal);
      if (token.value !== options.rejected) return token;
    } catch (error) {
      if (error !== lost) throw error;
      return this.#attempt(options);
    }
    throw new TokenError('ERR_TOKEN_REJECTED', 'the server issued the very token that the API refused');
  }

  /** Waits for a renewal. If there is none to be had, the current token serves until it expires. */
  async #waitOrServe(phase: 'late' | 'rejected', options: GetTokenOptions): Promise<AccessToken> {
    try {
      return await this.#wait(phase, options);
    } catch (error) {
      if (options.signal?.aborted || this.held === undefined || this.held.phase === 'expired') throw error;
      return this.#serve(this.held, phase);
    }
  }

  /** An API refused the token that is held: all who say so get the one that replaces it. */
  async #replace(held: HeldToken, options: GetTokenOptions): Promise<AccessToken> {
    if (!held.refused) this.#emit({ type: 'rejected' });
    this.#gate.refused(held, options.rejectedBy);
    return this.#wait('rejected', options);
  }

  /** Why no token request may be started now, which is then also an event. */
  #obstacle(purpose: Purpose, api?: string): TokenError | undefined {
    const blocked = this.#gate.blocked(purpose, api);
    if (blocked !== undefined) this.#emit({ type: 'skipped', code: blocked.error.code, wait: blocked.wait });
    return blocked?.error;
  }

  #emit(details: TokenEventDetails, acquisition?: number): void {
    this.#context.events.emit(this.parameters.scope, details, acquisition);
  }

  #acquire(options: GetTokenOptions, background: boolean, signal: AbortSignal, number: number): Promise<AccessToken> {
    const [{ rejected, claims }, { held, parameters }] = [options, this];
    const acquisition = { number, parameters, held, rejected, claims, background, gate: this.#gate };
    return acquire(this.#context, acquisition, (issued) => this.#keep(issued, held), signal);
  }

  /** Takes a new token in place of the old one, unless that is better, or came while the request for this one took too long. */
  #keep(issued: IssuedToken, replaced: HeldToken | undefined): AccessToken {
    const { held } = this;
    const flaw = held?.flawOf(issued);
    if (held && flaw && held !== replaced) return held.token;
    if (held) this.#gate.renewed(held, flaw !== undefined);
    if (held && flaw) {
      this.#emit({ type: 'discarded', reason: flaw }, this.#underWay);
      throw held.setBack();
    }
    this.held = issued.lifetime > 0 ? new HeldToken(issued, this.#context) : undefined;
    return issued.token;
  }
}
