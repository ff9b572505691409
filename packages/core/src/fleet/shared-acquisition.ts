import { pause } from '../common/waiting.ts';
import type { Demand, Fleet, SharedToken } from '../lifecycle/acquirer.ts';
import { type IssuedToken, marginOf } from '../common/issued-token.ts';
import { memberOf } from '../common/own.ts';
import type { RequestedToken } from '../lifecycle/token-parameters.ts';
import { Lease } from './lease.ts';
import { Outage } from './outage.ts';
import { processName } from './process-name.ts';
import { requestOrAdopt } from './race.ts';
import { RefusedTokens } from './refused-tokens.ts';
import { StoreEntry, StoreFailure } from './store-entry.ts';
import { digestOf, isShareable, storeKey } from './stored-token.ts';
import type { FleetContext, FleetOrigin, TokenStore } from './token-store.ts';
import { awaitTurn } from './turn.ts';

type Request = (signal: AbortSignal) => Promise<IssuedToken>;

/** What this process knows of one entry. */
interface Known {
  readonly entry: StoreEntry;
  readonly outage: Outage | undefined;
  /** When the youngest token was born that this process has had. */
  newest: number;
  /** Whether the tokens can be kept: otherwise there is nothing to share, and nothing to wait for. */
  shareable: boolean;
}

/**
 * Acquires tokens together with all processes that use the same store: one makes the token request, the others wait for
 * its result. No process depends on that: when the store does not help, it makes its own request.
 */
export class SharedAcquisition implements Fleet {
  readonly #context: FleetContext;
  readonly #store: TokenStore;
  readonly #origin: FleetOrigin;
  readonly #name: string;
  #acquisitions = 0;
  readonly #known: WeakMap<RequestedToken, Known> = new WeakMap();
  readonly #refused: RefusedTokens = new RefusedTokens();

  constructor(context: FleetContext, store: TokenStore, origin: FleetOrigin) {
    this.#context = context;
    this.#store = store;
    this.#origin = origin;
    this.#name = processName(context);
  }

  acquire(demand: Demand, request: Request, signal: AbortSignal): Promise<SharedToken> {
    const { held, rejected } = demand;
    if (held?.refused) this.#refused.add(held.token.value);
    if (rejected !== undefined) this.#refused.add(rejected);
    const known = this.#recall(demand.parameters);
    // Expires before waiters give up (0.55 to 0.65 × timeout), so that one of them takes over from a process that died.
    const lease = new Lease(known.entry, `${this.#name} ${++this.#acquisitions}`, 0.4 * this.#context.timeout);
    return this.#adoptOrRequest(demand, known, lease, request, signal).finally(() => lease.release());
  }

  revoked(value: string): void {
    this.#refused.add(value);
  }

  async #adoptOrRequest(
    demand: Demand,
    known: Known,
    lease: Lease,
    request: Request,
    signal: AbortSignal,
  ): Promise<SharedToken> {
    const find = (end: AbortSignal): Promise<IssuedToken | undefined> => this.#find(demand, known, end);
    const { entry, outage } = known;
    const { scope } = demand.parameters;
    const waiting = { context: this.#context, scope, entry, outage, lease, find, rest: this.#rest };
    let working = known.shareable;
    try {
      const found = working ? await awaitTurn(waiting, signal) : undefined;
      if (found !== undefined) return { issued: remember(known, found), adopted: true };
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      working = false;
    }
    const ask = (end: AbortSignal): Promise<IssuedToken> =>
      outage && working ? outage.observe(request, end) : request(end);
    const late = working && lease.tries > 1;
    const shared = late
      ? await requestOrAdopt({ request: ask, find, rest: this.#rest }, signal)
      : { issued: await ask(signal) };
    const issued = remember(known, shared.issued);
    if (working && known.shareable && !shared.adopted) await this.#publish(known, lease, issued, signal);
    return shared;
  }

  readonly #rest = (wait: number, signal: AbortSignal): Promise<void> => {
    const { clock, random } = this.#context;
    return pause(clock, wait * (0.5 + random()), signal);
  };

  async #find({ held }: Demand, { entry, newest }: Known, signal: AbortSignal): Promise<IssuedToken | undefined> {
    const found = await entry.read(signal);
    if (found === undefined || (await this.#refused.has(found.token.value))) return undefined;
    if (held === undefined) return found;
    // An older token may have been revoked together with the one that was refused.
    if (held.refused && birthOf(found) < newest - marginOf(found.lifetime)) return undefined;
    return held.flawOf(found) === undefined ? found : undefined;
  }

  /** Shares a token. This process has it even if that fails. */
  async #publish({ entry, outage }: Known, lease: Lease, issued: IssuedToken, signal: AbortSignal): Promise<void> {
    outage?.over();
    try {
      const other = lease.lasts ? undefined : await entry.read(signal);
      if (other === undefined || other.start.wall < issued.start.wall) await entry.write(issued, signal);
    } catch {
      // A failure of the store is an event already, and the acquisition notices by itself when it is aborted.
    }
  }

  #recall(parameters: RequestedToken): Known {
    let known = this.#known.get(parameters);
    if (known === undefined) {
      const { shapeOf, prover } = this.#origin;
      const { scope } = parameters;
      const open = (key: Promise<string>): StoreEntry =>
        new StoreEntry(this.#context, this.#store, { scope, key, prover });
      const key = shapeOf(parameters).then(storeKey);
      const entry = open(key);
      const reports = (): StoreEntry => open(key.then((name) => digestOf(`outage ${name}`)));
      const isBelieved = memberOf(this.#store, 'authentic') === true;
      const outage = isBelieved ? new Outage(this.#context, reports(), this.#name) : undefined;
      known = { entry, outage, newest: -Infinity, shareable: true };
      this.#known.set(parameters, known);
    }
    return known;
  }
}

function remember(known: Known, issued: IssuedToken): IssuedToken {
  known.newest = Math.max(known.newest, birthOf(issued));
  known.shareable = isShareable(issued);
  return issued;
}

/** When it was born, by this host's clock. */
function birthOf({ birth, start }: IssuedToken): number {
  return birth ?? start.wall;
}
