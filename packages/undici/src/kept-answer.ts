import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
type Raw = NonNullable<Controller['rawHeaders']> | null;

const longest = 1024 * 1024;
const patience = 1_000;

/**
 * An answer that is read at once, so that its connection is free, and kept until it is known whether another takes its
 * place. If none does, the handler gets it, at the pace that the handler wants.
 */
export class KeptAnswer implements Controller {
  paused = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders: Raw;
  rawTrailers: Raw = null;
  readonly #controller: Controller;
  readonly #fail: (reason: Error) => void;
  readonly #whole: Promise<void>;
  /** What the handler has not had yet. */
  #events: (() => void)[];
  #size = 0;
  #given = false;
  #timer: NodeJS.Timeout | undefined;
  #stop: (() => void) | undefined;

  /**
   * @param start - the first event of the answer.
   * @param fail - tells the handler that the request failed, unless that knows already.
   */
  constructor(controller: Controller, start: () => void, fail: (reason: Error) => void) {
    this.rawHeaders = controller?.rawHeaders ?? null;
    this.#controller = controller;
    this.#events = [start];
    this.#fail = fail;
    this.#whole = new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  /** Waits until the answer is read. If that takes long, the rest of it is given up, and its connection with it. */
  read(): Promise<void> {
    if (this.#stop) this.#timer ??= setTimeout(() => this.#giveUp(), patience);
    return this.#whole;
  }

  /** Keeps a piece of the body. */
  add(event: () => void, size: number): void {
    if (!this.#stop) return;
    this.#size += size;
    if (this.#size > longest) this.#giveUp();
    else this.#events.push(event);
  }

  /** Keeps the last event. */
  end(event: () => void): void {
    if (!this.#stop) return;
    clearTimeout(this.#timer);
    this.rawTrailers = this.#controller?.rawTrailers ?? null;
    this.#events.push(event);
    this.#stop();
    this.#stop = undefined;
  }

  /** Gives the answer to the handler. */
  give(): void {
    this.#given = true;
    this.#flow();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#flow();
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#events = [];
    this.#fail(reason);
  }

  #giveUp(): void {
    const error = new Error('the rest of the answer that refused the token was not read');
    this.end(() => this.abort(error));
    this.#controller.abort(error);
  }

  #flow(): void {
    while (this.#given && !this.paused) {
      const event = this.#events.shift();
      if (event === undefined) return;
      try {
        event();
      } catch (error) {
        this.abort(error as Error);
      }
    }
  }
}
