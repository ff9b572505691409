import { type Clock, elapsedSince, type Moment, momentOf } from './clock.ts';

/** Work, which ends when its signal is aborted. It learns the number of the flight that runs it. */
export type Work<T> = (signal: AbortSignal, number: number) => Promise<T>;

let count = 0;

/** One run of the work, and how many wait for its result. */
export class Flight<T> {
  /** No other flight of this process has it. */
  readonly number: number = ++count;
  readonly controller: AbortController = new AbortController();
  readonly work: Work<T>;
  /** Called when nobody can join any more. */
  readonly over: () => void;
  waiters = 0;
  /** Whether the work has ended. */
  ended = false;
  readonly #clock: Clock;
  readonly #since: Moment;

  constructor(work: Work<T>, clock: Clock, over: (flight: Flight<T>) => void) {
    this.work = work;
    this.over = () => over(this);
    this.#clock = clock;
    this.#since = momentOf(clock);
    this.controller.signal.addEventListener('abort', this.over);
  }

  /** In milliseconds. */
  get age(): number {
    return elapsedSince(this.#since, this.#clock);
  }
}
