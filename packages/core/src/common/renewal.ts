import type { AccessToken } from './access-token.ts';
import { untilAborted } from './until-aborted.ts';

/** One request for a token (or for the metadata that comes before it), from its start to its end, and those who wait for it. */
export class Renewal<T = AccessToken> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  readonly #shared: RunRenewal<T>;
  readonly #over: () => void;
  readonly #controller: AbortController = new AbortController();
  #waiters = 0;

  /**
   * @param shared - runs this renewal, once for all who join while it runs.
   * @param over - called when nobody may join any more: at its end, and when it is aborted.
   */
  constructor(work: (signal: AbortSignal) => Promise<T>, shared: RunRenewal<T>, over: () => void) {
    this.#work = work;
    this.#shared = shared;
    this.#over = over;
    this.signal.addEventListener('abort', over);
  }

  /** Aborted when the last one who waited has left. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the request, whoever waits. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  run(): Promise<T> {
    return this.#work(this.signal).finally(this.#over);
  }

  /** Waits for what it brings. Who leaves, by its signal, leaves alone; the last one to leave ends the request. */
  async join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiters++;
    const brought = this.#shared(this);
    if (signal === undefined) return brought;
    try {
      return await untilAborted(brought, signal);
    } catch (error) {
      if (signal.aborted && --this.#waiters === 0) this.#controller.abort();
      throw error;
    }
  }

  /** Lets the request run to its end whoever waits. Its failure is known to the endpoint's health, and an event. */
  detach(): void {
    this.#waiters++;
    this.#shared(this).catch(() => {});
  }
}

/** Runs a renewal, or joins it where it is running. */
export type RunRenewal<T = AccessToken> = (renewal: Renewal<T>) => Promise<T>;
