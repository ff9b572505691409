import type { AccessToken } from '../common/access-token.ts';
import { type Blocked, EndpointHealth, isAboutSecret } from './endpoint-health.ts';
import { TokenError } from '../common/errors.ts';
import type { TokenEventDetails } from '../common/events.ts';
import { HeldToken, type Phase } from './held-token.ts';
import { Refusals } from './refusals.ts';
import { Renewal, type RunRenewal } from '../common/renewal.ts';
import type { GetTokenOptions } from '../source/options.ts';
import { type Acquisition, acquire } from './token-acquisition.ts';
import type { TokenRequestParameters } from './token-parameters.ts';
import type { Grant } from '../server/token-response.ts';

/** What the tokens of one client share. */
export interface LifecycleContext extends Pick<Acquisition, 'settings' | 'endpoint' | 'shared'> {
  readonly run: RunRenewal;
}

/**
 * The life of one token: missing, fresh, ageing, late, expired, or refused by an API. There are no timers: whatever
 * happens, happens because a caller asked.
 */
export class TokenLifecycle {
  readonly #context: LifecycleContext;
  readonly parameters: TokenRequestParameters;
  readonly #health: EndpointHealth;
  #refusals: Refusals | undefined;
  held: HeldToken | undefined;
  #renewal: Renewal | undefined;

  constructor(context: LifecycleContext, parameters: TokenRequestParameters) {
    this.#context = context;
    this.parameters = parameters;
    this.#health = new EndpointHealth(context.settings, context.endpoint.health);
  }

  get inFlight(): boolean {
    return this.#renewal !== undefined;
  }

  getToken({ rejected, signal }: GetTokenOptions = {}): Promise<AccessToken> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const held = this.held;
    if (held === undefined) return this.#wait('missing', signal, rejected);
    const { phase } = held;
    if (phase === 'expired') return this.#wait('expired', signal, rejected);
    if (held.token.value === rejected) return this.#replace(held, signal);
    if (phase === 'late') return this.#waitOrServe('late', signal);
    // Nobody gets a token that was refused while a better one is on its way.
    if (held.refused && this.inFlight) return this.#waitOrServe('rejected', signal);
    if (phase === 'ageing' && !this.inFlight && this.#obstacle(true) === undefined) this.#start(true).detach();
    return this.#serve(held, phase);
  }

  #serve(held: HeldToken, phase: Exclude<Phase, 'expired'> | 'rejected'): Promise<AccessToken> {
    if (this.#context.settings.events.observed) this.#emit({ type: 'served', phase });
    return held.served;
  }

  async #wait(
    phase: Exclude<Phase, 'fresh' | 'ageing'> | 'missing' | 'rejected',
    signal: AbortSignal | undefined,
    rejected?: string,
  ): Promise<AccessToken> {
    // What was no better than the old token is better than none.
    if (phase === 'expired') this.#health.forgive(this.held?.setback);
    const obstacle = this.#obstacle(false);
    if (obstacle !== undefined) throw obstacle;
    this.#emit(this.inFlight ? { type: 'joined' } : { type: 'missed', phase });
    const token = await (this.#renewal ?? this.#start(false, rejected)).join(signal);
    if (token.value !== rejected) return token;
    throw new TokenError('ERR_TOKEN_REJECTED', 'the server issued the very token that the API refused');
  }

  /** Waits for a renewal where one can be had; where not, the current token serves while it has life left. */
  async #waitOrServe(phase: 'late' | 'rejected', signal: AbortSignal | undefined): Promise<AccessToken> {
    try {
      return await this.#wait(phase, signal);
    } catch (error) {
      const held = this.held;
      if (signal?.aborted || held === undefined || held.phase === 'expired') throw error;
      return this.#serve(held, phase);
    }
  }

  /** An API refused the token that is held: all who say so get the one that replaces it. */
  async #replace(held: HeldToken, signal: AbortSignal | undefined): Promise<AccessToken> {
    this.#refusals ??= new Refusals(this.#context.settings);
    if (!held.refused) {
      held.refused = true;
      this.#health.forgive(held.setback);
      this.#refusals.refused();
      this.#emit({ type: 'rejected' });
    }
    const tooEarly = this.inFlight ? undefined : this.#refusals.blocked;
    if (tooEarly !== undefined) throw this.#skip(tooEarly);
    return this.#wait('rejected', signal, held.token.value);
  }

  /** Why no token request may be made now: the failure that it would follow too closely. */
  #obstacle(background: boolean): TokenError | undefined {
    const blocked = this.inFlight ? undefined : this.#health.blocked;
    if (blocked === undefined) return undefined;
    // A secret that is read anew may have changed since it was refused: whoever needs a token has it looked at.
    const hope = !background && this.#context.endpoint.credentialsMayChange && isAboutSecret(blocked.error);
    return hope ? undefined : this.#skip(blocked);
  }

  #skip({ error, wait }: Blocked): TokenError {
    this.#emit({ type: 'skipped', code: error.code, wait });
    return error;
  }

  #start(background: boolean, rejected?: string): Renewal {
    const demand = { held: this.held, rejected, background };
    const acquisition = { ...this.#context, ...demand, health: this.#health, parameters: this.parameters };
    const renewal: Renewal = new Renewal(
      (signal) => acquire(acquisition, (grant) => this.#keep(grant), signal),
      this.#context.run,
      () => {
        if (this.#renewal === renewal) this.#renewal = undefined;
      },
    );
    this.#renewal = renewal;
    return renewal;
  }

  #emit(details: TokenEventDetails): void {
    this.#context.settings.events.emit(this.parameters.scope, details);
  }

  /** Takes a new token in place of the old one, unless the old one is the better. */
  #keep(grant: Grant): AccessToken {
    const held = this.held;
    const objection = held?.objectionTo(grant);
    if (held?.refused) this.#refusals?.renewed(objection !== undefined);
    if (objection !== undefined) {
      this.#emit({ type: 'discarded', reason: objection });
      throw held?.setback;
    }
    this.held = grant.lifetime > 0 ? new HeldToken(grant, this.#context.settings) : undefined;
    return grant.token;
  }
}
