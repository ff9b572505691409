import { isTokenError } from '@tokenline/core';
import { Disturbances, recovered } from './disturbances.ts';
import { LastMinute } from './last-minute.ts';
import { Life } from './life.ts';
import type { Process } from './process.ts';
import { Rate } from './rate.ts';
import type { World } from './world.ts';

const second = 1_000;
/** So long after the last fault, nothing is left of it: acquisitions that it met are over. */
const settled = 15 * second;
/** More token requests than these in a minute are too many for one process, whatever happens. */
const mostAMinute = 24;
/** Longer than this nobody waits for a store that is down. A token request itself takes 2.25 seconds at most. */
const mostWithoutStore = 4 * second;
/** As many are too many for a whole fleet, however large, where only the identity server is not well. */
const mostOfFleet = 40;

/** Somebody who waits for a token. */
interface Caller {
  readonly process: Process;
  /** The token that the API refused. */
  readonly rejected: string | undefined;
  /** When the call was made, by the time that the process was awake. */
  readonly began: number;
  /** For how long nothing had been wrong. */
  readonly calm: number;
  /** Whether nothing is wrong but that the store is down: from then on, what goes wrong is another number of faults. */
  readonly onlyStore: number | undefined;
}

/** What the judge has to know of the tokens. */
interface Issuer {
  isExpired(token: string): boolean;
  accepts(token: string): boolean;
  /** When it was issued. */
  issuedAt(token: string): number;
}

export interface WatchOptions {
  /** How many milliseconds an acquisition may take, and a caller may wait. */
  readonly timeout: number;
  /** How many milliseconds a token lasts. */
  readonly lifetime: number;
  /** Whether the processes share a store. */
  readonly shared: boolean;
}

/** Sees everything that happens, and says what must not. */
export class Watch {
  /** What happened that must not. */
  readonly violations: string[] = [];
  readonly requests: Rate = new Rate();
  readonly disturbances: Disturbances;
  calls = 0;
  failures = 0;
  /** The longest time that a caller waited. */
  longest = 0;
  readonly events: Map<string, number> = new Map();
  issuer: Issuer | undefined;
  /** Whether wall clocks differ so much that processes see other ages in a token. */
  skewed = false;
  /** Whether the store keeps what is over, so that a wrong wall clock can make a token last longer. */
  hoarding = false;
  readonly #world: World;
  readonly #options: WatchOptions;
  readonly #waiting: Set<Caller> = new Set();
  readonly #lives: WeakMap<Process, Life> = new WeakMap();
  /** The token requests of all processes. */
  readonly #ofFleet: LastMinute = new LastMinute();
  /** The newest token, and when it was asked for. */
  #newest: { readonly time: number; token: string | undefined } | undefined;

  constructor(world: World, options: WatchOptions) {
    this.#world = world;
    this.#options = options;
    this.disturbances = new Disturbances(world);
  }

  /** A source says what it does. */
  noted(process: Process, event: string): void {
    this.events.set(event, (this.events.get(event) ?? 0) + 1);
    if (event === 'discarded' && this.disturbances.calm > settled && !this.skewed)
      this.#violated(`${process.name} renews its token with one that is no better`);
  }

  /** A process sends a token request. */
  asked(process: Process): void {
    const { time, timeline } = this.#world;
    this.requests.add(time);
    timeline.add('request', `${process.name} asks the identity server`);
    const made = this.#lifeOf(process).requests.add(time);
    if (made > mostAMinute) this.#violated(`${process.name} made ${made} token requests in a minute`);
    this.#countForFleet(time);
    const { shared, lifetime } = this.#options;
    const newest = this.#newest;
    this.#newest = { time, token: undefined };
    if (!shared || this.skewed || newest === undefined || this.disturbances.calm < settled + (time - newest.time))
      return;
    if (newest.token !== undefined && this.issuer?.accepts(newest.token) === false) return;
    // The refresh window, at its widest.
    const window = Math.min(1.1 * Math.min(lifetime / 4, 300 * second), lifetime / 2);
    const age = time - newest.time;
    if (age < lifetime - window - second) this.#violated(`${process.name} asks again after ${Math.round(age)} ms`);
  }

  #countForFleet(time: number): void {
    const made = this.#ofFleet.add(time);
    if (this.#options.shared && this.disturbances.isFleetWell && !this.skewed && made > mostOfFleet)
      this.#violated(`all processes made ${made} token requests in a minute`);
  }

  issued(process: Process, token: string): void {
    this.#world.timeline.add('issued', `${process.name} is issued ${token}`);
    if (this.#newest !== undefined) this.#newest.token ??= token;
  }

  /** Somebody waits for a token; gets the token when it is there, or `undefined`. */
  async caller(
    process: Process,
    rejected: string | undefined,
    asked: Promise<{ value: string }>,
  ): Promise<string | undefined> {
    const { calm, onlyStore } = this.disturbances;
    const caller = { process, rejected, began: process.awake, calm, onlyStore };
    this.calls++;
    this.#waiting.add(caller);
    if (rejected !== undefined) this.#lifeOf(process).refuse(rejected);
    try {
      const { value } = await asked;
      if (this.#ends(caller)) this.#handedOut(caller, value);
      return value;
    } catch (error) {
      if (this.#ends(caller)) this.#failed(caller, error);
      return undefined;
    }
  }

  /** A process has ended, and whoever waited in it. */
  forget(process: Process): void {
    for (const caller of this.#waiting) if (caller.process === process) this.#waiting.delete(caller);
    this.#lives.delete(process);
  }

  /** Nobody may wait any more. */
  finished(): void {
    for (const { process, began } of this.#waiting)
      this.#violated(`a caller in ${process.name} waits since ${Math.round(process.awake - began)} ms`);
  }

  /** Something went wrong that nobody handled. */
  unhandled(reason: unknown): void {
    this.#violated(`unhandled: ${String(reason)}`);
  }

  /** Whether this caller still counts. */
  #ends(caller: Caller): boolean {
    if (!this.#waiting.delete(caller)) return false;
    const waited = caller.process.awake - caller.began;
    this.longest = Math.max(this.longest, waited);
    // Who waits for a request of another caller waits for up to a tenth longer.
    if (waited > 1.1 * this.#options.timeout + second)
      this.#violated(`a caller in ${caller.process.name} waited for ${Math.round(waited)} ms`);
    const { onlyStore } = caller;
    if (onlyStore !== undefined && onlyStore === this.disturbances.onlyStore && waited > mostWithoutStore)
      this.#violated(`a caller in ${caller.process.name} waited for ${Math.round(waited)} ms for a store that is down`);
    return true;
  }

  #handedOut({ process, rejected }: Caller, token: string): void {
    if (this.issuer?.isExpired(token) && !(this.hoarding && this.skewed))
      this.#violated(`${process.name} hands out ${token}, which has expired`);
    const again = this.#lifeOf(process).handsOut(token);
    if (token === rejected || again) this.#violated(`${process.name} hands out ${token}, which was refused`);
    if (rejected !== undefined && !this.skewed && this.#isOlder(token, rejected))
      this.#violated(`${process.name} hands out ${token} in place of ${rejected}, which is younger`);
  }

  /** Whether one token is older than another by more than clocks and requests are late. */
  #isOlder(token: string, other: string): boolean {
    const { issuer } = this;
    return issuer !== undefined && issuer.issuedAt(token) < issuer.issuedAt(other) - 31 * second;
  }

  #failed({ process, rejected, calm }: Caller, error: unknown): void {
    this.failures++;
    this.#world.timeline.add('failure', `${process.name} fails a caller: ${String(error)}`);
    if (!isTokenError(error)) this.#violated(`${process.name} fails a caller with another error: ${String(error)}`);
    if (calm > recovered && rejected === undefined)
      this.#violated(`${process.name} fails a caller ${Math.round(calm)} ms after the last fault`);
  }

  #lifeOf(process: Process): Life {
    const life = this.#lives.get(process) ?? new Life();
    this.#lives.set(process, life);
    return life;
  }

  #violated(what: string): void {
    this.violations.push(what);
    this.#world.timeline.add('violation', `VIOLATION: ${what}`);
  }
}
