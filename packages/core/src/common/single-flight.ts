import pMemoize from 'p-memoize';
import type { Clock } from './clock.ts';
import { Flight, type Work } from './flight.ts';
import { untilAborted, withDeadline } from './waiting.ts';

/** How long a flight can last, and what keeps it up. */
export interface FlightRules {
  readonly clock: Clock;
  /** How many milliseconds the work takes at most: it ends by itself. */
  readonly timeout: number;
  /** Told of each flight, on runtimes that end what a request has started together with the request. */
  readonly waitUntil?: ((flight: Promise<unknown>) => void) | undefined;
}

const longestTimer = 2_147_483_647;

/** The request that started a flight has ended, and on this runtime the flight with it. */
export const lost: unique symbol = Symbol('lost');

/**
 * Work that runs once for all who want its result at the same time; work for one key does not touch that for another. A
 * flight that ought to have ended is lost: nobody joins it any more.
 */
export class SingleFlight<Key, T> {
  readonly #rules: FlightRules;
  /** The flights that can be joined. */
  readonly #flights: Map<Key, Flight<T>> = new Map();
  /** The flights that have not ended, among them those that were aborted. */
  readonly #running: Set<Flight<T>> = new Set();
  readonly #once: (flight: Flight<T>) => Promise<T> = pMemoize(
    (flight: Flight<T>) =>
      flight.work(flight.controller.signal, flight.number).finally(() => {
        flight.ended = true;
        this.#running.delete(flight);
        flight.over();
      }),
    { cache: false },
  );

  constructor(rules: FlightRules) {
    this.#rules = rules;
  }

  /** The number of the flight that can be joined, if there is one. */
  underWay(key: Key): number | undefined {
    return this.#find(key)?.number;
  }

  /**
   * Waits for the result of the work that is under way, or starts it. A caller whose signal is aborted leaves alone; when
   * the last caller has left, the work is aborted.
   *
   * @throws what the work throws, the reason of the signal, or {@link lost}: another caller may have replaced the flight by
   * now, so look anew.
   */
  async join(key: Key, work: Work<T>, signal?: AbortSignal): Promise<T> {
    const joined = this.#find(key);
    const flight = joined ?? this.#takeOff(key, work);
    flight.waiters++;
    const result = this.#once(flight);
    if (joined === undefined) this.#keepUp(result);
    if (joined === undefined && signal === undefined) return result;
    try {
      return await (joined === undefined ? untilAborted(result, signal!) : this.#land(flight, signal));
    } catch (error) {
      if (signal?.aborted) {
        if (--flight.waiters === 0) flight.controller.abort();
        throw error;
      }
      // Only the work itself can say that it failed.
      if (flight.ended) throw error;
      this.#drop(flight);
      throw lost;
    }
  }

  /** Starts work that nobody waits for. The work itself has to report its failure. */
  start(key: Key, work: Work<T>): void {
    this.join(key, work).catch(() => {});
  }

  /** Aborts all work: whoever waits for it gets the reason. */
  abort(reason: unknown): void {
    for (const { controller } of this.#flights.values()) controller.abort(reason);
  }

  /** Waits until all work has ended, successfully or not. */
  async ended(): Promise<void> {
    await Promise.allSettled([...this.#running].map((flight) => this.#land(flight, undefined)));
  }

  /** The flight for this key, unless it is older than any flight can be. */
  #find(key: Key): Flight<T> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || flight.age <= this.#rules.timeout) return flight;
    this.#drop(flight);
    return undefined;
  }

  #drop(flight: Flight<T>): void {
    flight.over();
    this.#running.delete(flight);
  }

  /** Waits for a flight of another caller, for a little longer than it can last. The timer also tells the runtime that we wait. */
  #land(flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
    const { clock, timeout } = this.#rules;
    const left = Math.min(Math.max(0, 1.1 * timeout - flight.age), longestTimer);
    return withDeadline(
      { clock, timeout: left },
      () => lost,
      () => this.#once(flight),
      signal,
    );
  }

  #keepUp(result: Promise<T>): void {
    // It fails, at once or later, where there is no request to outlive.
    (async () => this.#rules.waitUntil?.(result.catch(() => {})))().catch(() => {});
  }

  #takeOff(key: Key, work: Work<T>): Flight<T> {
    // After an abort, another flight may have taken the place.
    const over = (ended: Flight<T>): unknown => this.#flights.get(key) === ended && this.#flights.delete(key);
    const flight = new Flight(work, this.#rules.clock, over);
    this.#flights.set(key, flight);
    this.#running.add(flight);
    return flight;
  }
}
