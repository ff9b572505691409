import pMemoize from 'p-memoize';
import { untilAborted } from './waiting.ts';

type Work<T> = (signal: AbortSignal) => Promise<T>;

/** One run of the work, and how many wait for its result. */
interface Flight<T> {
  readonly controller: AbortController;
  readonly work: Work<T>;
  readonly over: () => void;
  waiters: number;
}

/** Work that runs once for all who want its result at the same time; work for one key does not touch that for another. */
export class SingleFlight<Key, T> {
  /** The flights that can be joined. */
  readonly #flights: Map<Key, Flight<T>> = new Map();
  /** The flights that have not ended, among them those that were aborted. */
  readonly #running: Set<Flight<T>> = new Set();
  readonly #once: (flight: Flight<T>) => Promise<T> = pMemoize(
    (flight: Flight<T>) =>
      flight.work(flight.controller.signal).finally(() => {
        this.#running.delete(flight);
        flight.over();
      }),
    { cache: false },
  );

  isUnderWay(key: Key): boolean {
    return this.#flights.has(key);
  }

  /**
   * Waits for the result of the work that is under way, or starts it. A caller whose signal is aborted leaves alone; when
   * the last caller has left, the work is aborted.
   */
  async join(key: Key, work: Work<T>, signal?: AbortSignal): Promise<T> {
    const flight = this.#flights.get(key) ?? this.#takeOff(key, work);
    flight.waiters++;
    const result = this.#once(flight);
    if (signal === undefined) return result;
    try {
      return await untilAborted(result, signal);
    } catch (error) {
      if (signal.aborted && --flight.waiters === 0) flight.controller.abort();
      throw error;
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
    await Promise.allSettled([...this.#running].map((flight) => this.#once(flight)));
  }

  #takeOff(key: Key, work: Work<T>): Flight<T> {
    // After an abort, another flight may have taken the place.
    const over = (): unknown => this.#flights.get(key) === flight && this.#flights.delete(key);
    const flight: Flight<T> = { controller: new AbortController(), work, over, waiters: 0 };
    flight.controller.signal.addEventListener('abort', over);
    this.#flights.set(key, flight);
    this.#running.add(flight);
    return flight;
  }
}
