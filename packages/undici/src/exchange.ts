import { AsyncResource } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { abandon } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';
import { CurrentController } from './controller.ts';
import { headersElsewhere } from './headers.ts';

/** One request of the user, from the call on, however often it is sent. It remembers the asynchronous context of the call. */
export class Exchange extends AsyncResource {
  /** What it lacks of these, undici does not call either. */
  readonly handler: Required<Dispatcher.DispatchHandler>;
  /** What is sent, but for the token. */
  options: Dispatcher.DispatchOptions;
  /** What the handler controls; none before the first attempt. */
  controller: CurrentController | null = null;
  /** Whether the handler has been told of the end. */
  over = false;
  /** The exchanges that may still need a token. */
  readonly #undecided: Exchange[];
  #place: number;
  #landed = false;
  #onDecided: (() => void) | undefined;

  constructor(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler, undecided: Exchange[]) {
    super('TOKENLINE_EXCHANGE');
    this.options = options;
    this.handler = handler as Required<Dispatcher.DispatchHandler>;
    this.#undecided = undecided;
    // A list from which each takes itself: a set would cost every request more than the rest of this.
    this.#place = undecided.push(this) - 1;
    // undici listens to a stream when it is dispatched: one that breaks before must not break the process.
    (options.body as Partial<Readable> | null | undefined)?.on?.('error', () => {});
  }

  /** Lets the handler control what is given. */
  control(target: Dispatcher.DispatchController): CurrentController {
    if (this.controller === null) this.controller = new CurrentController(target);
    else this.controller.target = target;
    return this.controller;
  }

  /** The request needs no token any more. */
  decide(): void {
    if (this.#place < 0) return;
    const last = this.#undecided.pop();
    if (last !== undefined && last !== this) {
      this.#undecided[this.#place] = last;
      last.#place = this.#place;
    }
    this.#place = -1;
    this.#onDecided?.();
  }

  /** Waits until the request needs no token any more. */
  decided(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDecided = resolve;
    });
  }

  /** Has the request sent to where redirects led it, once; `false` where that may not be. */
  land({ origin, pathname, search }: URL): boolean {
    if (this.#landed || !['GET', 'HEAD'].includes(this.options.method.toUpperCase())) return false;
    this.#landed = true;
    const { query: _, headers, ...options } = this.options;
    this.options = { ...options, origin, path: pathname + search, headers: headersElsewhere(headers) };
    return true;
  }

  /** Ends the request as undici does when it fails one. */
  fail(error: unknown): void {
    if (this.over) return;
    this.over = true;
    this.decide();
    abandon(this.options.body, error);
    this.handler.onResponseError(this.controller as CurrentController, error as Error);
  }
}
