import type { Blocked, Timing } from '../common/backoff.ts';
import type { TokenError } from '../common/errors.ts';
import type { Acquirer } from './acquirer.ts';
import { Health } from './health.ts';
import type { HeldToken } from './held-token.ts';
import { RefusalsByApi } from './refusals.ts';

/** Who asks for a token request: nobody in particular, a caller without a usable token, or one whose token was refused. */
export type Purpose = 'background' | 'caller' | 'refused';

/** What the gates of all tokens of one acquirer share. */
export interface GateContext extends Timing {
  readonly acquirer: Acquirer;
  /** How requests failed in a way that concerns all tokens. */
  readonly health: Health;
}

/** Decides whether a token may be requested now. Nothing else does. */
export class Gate {
  readonly #context: GateContext;
  /** How requests failed in a way that says nothing of tokens for other parameters. */
  #own: Health | undefined;
  #refusals: RefusalsByApi | undefined;

  constructor(context: GateContext) {
    this.#context = context;
  }

  /** The failure that is too recent, whoever asks. */
  get failure(): Blocked | undefined {
    return this.#context.health.blocked ?? this.#own?.blocked;
  }

  /** For how many milliseconds requests for this token have failed. */
  get failingFor(): number {
    return Math.max(this.#context.health.failingFor, this.#own?.failingFor ?? 0);
  }

  /** Why no token may be requested for this purpose; `api` is the origin of the API that refused the last one. */
  blocked(purpose: Purpose, api?: string): Blocked | undefined {
    const refusal = purpose === 'refused' ? this.#refusals?.of(api).blocked : undefined;
    if (refusal !== undefined) return refusal;
    const { failure } = this;
    // Whoever needs a token has the credentials read anew: they may be others than those that failed.
    const hope =
      failure !== undefined && purpose !== 'background' && this.#context.acquirer.mayBeOutdated(failure.error);
    return hope ? undefined : failure;
  }

  failed(error: TokenError): void {
    const { acquirer, health } = this.#context;
    if (acquirer.concernsAll(error)) health.failed(error);
    else if (health.blocked === undefined) (this.#own ??= new Health(this.#context)).failed(error);
  }

  /** The acquirer answered with a token, of whatever use: what concerns all tokens is over. */
  answered(): void {
    this.#context.health.clear();
  }

  /** There is a token for these parameters. */
  succeeded(): void {
    this.#own?.clear();
  }

  /** This failure does not count any more. */
  forgive(error: TokenError | undefined): void {
    if (error !== undefined) this.#own?.clear(error);
  }

  /** An API refused the token that is held. Counts once for each token and API. */
  refused(held: HeldToken, api: string | undefined): void {
    if (!held.refused) this.forgive(held.setback);
    const refusals = (this.#refusals ??= new RefusalsByApi(this.#context)).of(api);
    if (held.refusals.includes(refusals)) return;
    refusals.refused(held.lifetime);
    held.refusals = [...held.refusals, refusals];
  }

  /** A refused token was renewed: `inVain` where that brought nothing better. */
  renewed({ lifetime, refusals }: HeldToken, inVain: boolean): void {
    for (const ofApi of refusals) ofApi.renewed(inVain ? lifetime : undefined);
  }
}
