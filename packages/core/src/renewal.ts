import type { AccessToken } from './access-token.ts';
import { untilAborted } from './until-aborted.ts';

/** One request for a token (or for the metadata that comes before it), from its start to its end, and those who wait for it. */
export class Renewal<T = AccessToken> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  readonly #shared: RunRenewal<T>;
  readonly #controller: AbortController = new AbortController();
  #waiters = 0;

  /** @param shared - runs this renewal, once for all who join while it runs. */
  constructor(work: (signal: AbortSignal) => Promise<T>, shared: RunRenewal<T>) {
    this.#work = work;
    this.#shared = shared;
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
    return this.#work(this.signal);
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
