import type { AuthorizedRequest } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

const limit = 64 * 1024;

/**
 * Passes a response on to the handler of the request, unless it is a 401 that makes the request be sent again. The response
 * waits until that is decided. If another response replaces it, the rest of it is read and dropped.
 */
export class ReplayHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #authorized: AuthorizedRequest;
  readonly #body: unknown;
  readonly #sendWith: (second: AuthorizedRequest) => void;
  /** The events of the response while it waits. */
  #waiting: (() => void)[] | undefined;
  /** Where a redirect interceptor below has been. It adds to this list. */
  #history: readonly URL[] = [];
  #replaced = false;
  #failed = false;
  #discarded = 0;

  constructor(
    handler: Dispatcher.DispatchHandler,
    authorized: AuthorizedRequest,
    body: unknown,
    sendWith: (second: AuthorizedRequest) => void,
  ) {
    this.#handler = handler;
    this.#authorized = authorized;
    this.#body = body;
    this.#sendWith = sendWith;
  }

  onRequestStart(controller: Controller, context: { readonly history?: readonly URL[] }): void {
    this.#history = context?.history ?? [];
    this.#handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...parameters: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>): void {
    this.#handler.onRequestUpgrade?.(...parameters);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, message?: string): void {
    if (!this.#authorized.mayRetry(status)) {
      this.#handler.onResponseStart?.(controller, status, headers, message);
      return;
    }
    const url = this.#history.at(-1)?.href;
    const renewal = this.#authorized.retry({ status, headers, url, redirected: this.#history.length > 1 }, this.#body);
    const start = (): void => this.#handler.onResponseStart?.(controller, status, headers, message);
    if (renewal === undefined) return start();
    controller.pause();
    this.#waiting = [start];
    renewal.then(
      (second) => this.#decide(second, controller),
      // Only a request that was aborted gets here, and that knows already.
      () => this.#decide(undefined, controller),
    );
  }

  #decide(second: AuthorizedRequest | undefined, controller: Controller): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#failed) return;
    if (second === undefined) {
      for (const event of waiting) event();
    } else {
      this.#replaced = true;
      this.#sendWith(second);
    }
    controller.resume();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#replaced) {
      this.#discarded += chunk.length;
      // Nobody is told the reason.
      if (this.#discarded > limit) controller.abort(new Error());
    } else this.#pass(() => this.#handler.onResponseData?.(controller, chunk));
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    if (!this.#replaced) this.#pass(() => this.#handler.onResponseEnd?.(controller, trailers));
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#failed = true;
    if (!this.#replaced) this.#handler.onResponseError?.(controller, error);
  }

  #pass(event: () => void): void {
    if (this.#waiting === undefined) event();
    else this.#waiting.push(event);
  }
}
