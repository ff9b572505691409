import { withDeadline } from '../common/deadline.ts';
import type { HeldToken } from '../lifecycle/held-token.ts';
import { Lease } from './lease.ts';
import { pause } from '../common/pause.ts';
import type { Settings } from '../source/settings.ts';
import { StoreEntry, StoreFailure } from './store-entry.ts';
import { storeKey } from './store-key.ts';
import { skewMargin } from './stored-token.ts';
import type { TokenRequestParameters } from '../lifecycle/token-parameters.ts';
import type { Grant } from '../server/token-response.ts';
import type { TokenStore } from './token-store.ts';

// How long to wait until another look at the store: a little of what one has waited already, since a slow server is slow.
const shortest = 25;

/** What this process wants of the fleet. */
export interface Demand {
  readonly parameters: TokenRequestParameters;
  /** The token that is to be replaced. */
  readonly held: HeldToken | undefined;
  /** The value of a token that is of no use, wherever it comes from. */
  readonly rejected: string | undefined;
}

/** What came of it. */
export interface Shared {
  readonly grant: Grant;
  /** Whether it was another process that made the request. */
  readonly adopted?: boolean;
}

/** What this process knows of one entry. */
interface Known {
  readonly entry: StoreEntry;
  /** When the youngest token was born that this process has had. */
  newest: number;
  /** Whether the tokens are such that can be kept: else there is nothing to share, and nothing to wait for. */
  shareable: boolean;
  /** The value of a token that this process has revoked. */
  revoked?: string;
}

/**
 * Acquires tokens together with all processes that use the same store: one makes the token request, the others wait for
 * its result. Nobody depends on that: where the store is of no help, each process makes its own request.
 */
export class SharedAcquisition {
  readonly #settings: Settings;
  readonly #store: TokenStore;
  readonly #known: WeakMap<TokenRequestParameters, Known> = new WeakMap();

  constructor(settings: Settings, store: TokenStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /**
   * Adopts the token of another process, or makes the request.
   *
   * @throws what `request` throws, or the reason of the signal.
   */
  async acquire(demand: Demand, request: () => Promise<Grant>, signal: AbortSignal): Promise<Shared> {
    const known = this.#recall(demand.parameters);
    // An owner that died is succeeded before patience ends; and that ends while there is time to go on alone.
    const lease = new Lease(known.entry, this.#settings, 0.4 * this.#settings.timeout);
    return this.#adoptOrRequest(demand, known, lease, request, signal).finally(() => lease.release());
  }

  async #adoptOrRequest(
    demand: Demand,
    known: Known,
    lease: Lease,
    request: () => Promise<Grant>,
    signal: AbortSignal,
  ): Promise<Shared> {
    const busy = new StoreFailure();
    let working = known.shareable;
    try {
      const patience = (0.55 + 0.1 * this.#settings.random()) * this.#settings.timeout;
      const turn = (end: AbortSignal): Promise<Grant | undefined> => this.#takeTurn(demand, known, lease, end);
      const found = working ? await withDeadline(patience, () => busy, turn, signal) : undefined;
      if (found !== undefined) return { grant: remember(known, found), adopted: true };
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      working = error === busy;
      if (working) known.entry.gaveUp();
    }
    const grant = remember(known, await request());
    if (working && known.shareable) await this.#publish(known.entry, lease, grant, signal);
    return { grant };
  }

  /** Finds a token, or gets the lease: then there is none. */
  async #takeTurn(demand: Demand, known: Known, lease: Lease, signal: AbortSignal): Promise<Grant | undefined> {
    const { events, random } = this.#settings;
    for (let delay = shortest; ; delay = Math.min(1.25 * delay, 500)) {
      const found = await this.#find(demand, known, signal);
      if (found !== undefined) return found;
      if (delay === shortest) events.emit(demand.parameters.scope, { type: 'store-miss' });
      // A token may have come, and the lease been given back, since the store was looked into.
      if (await lease.take(signal)) return this.#find(demand, known, signal);
      await pause(delay * (0.5 + random()), signal);
    }
  }

  /** Adopts a token no more that this process has revoked. */
  revoked(parameters: TokenRequestParameters, value: string): void {
    this.#recall(parameters).revoked = value;
  }

  async #find({ held, rejected }: Demand, known: Known, signal: AbortSignal): Promise<Grant | undefined> {
    const { entry, newest, revoked } = known;
    const found = await entry.read(signal);
    if (found === undefined || found.token.value === rejected || found.token.value === revoked) return undefined;
    if (held === undefined) return found;
    // An older token may well have been revoked with the one that was refused.
    if (held.refused && found.start.wall < newest - skewMargin(found)) return undefined;
    return held.flawOf(found) === undefined ? found : undefined;
  }

  /** Shares a token. Whatever becomes of that, this process has it. */
  async #publish(entry: StoreEntry, lease: Lease, grant: Grant, signal: AbortSignal): Promise<void> {
    try {
      const other = lease.lasts ? undefined : await entry.read(signal);
      if (other === undefined || other.start.wall < grant.start.wall) await entry.write(grant, signal);
    } catch {
      // The store's failure is an event already, and the end of the acquisition is seen to by itself.
    }
  }

  #recall(parameters: TokenRequestParameters): Known {
    let known = this.#known.get(parameters);
    if (known === undefined) {
      const key = storeKey(this.#settings, parameters);
      const entry = new StoreEntry(this.#settings, this.#store, parameters.scope, key);
      known = { entry, newest: -Infinity, shareable: true };
      this.#known.set(parameters, known);
    }
    return known;
  }
}

function remember(known: Known, grant: Grant): Grant {
  known.newest = Math.max(known.newest, grant.start.wall);
  known.shareable = grant.lifetime > 0;
  return grant;
}
