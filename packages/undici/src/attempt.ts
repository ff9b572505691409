import type { AuthorizedRequest } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';
import { KeptAnswer } from './kept-answer.ts';

type Controller = Dispatcher.DispatchController;
type Handler = Dispatcher.DispatchHandler;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];
type Next = Promise<AuthorizedRequest | undefined> | undefined;
type Send = (authorized: AuthorizedRequest) => void;

/** One attempt at a request. Its answer goes to the handler of the request, unless the request is to be sent again. */
export class Attempt implements Handler {
  readonly onBodySent: Method<'onBodySent'>;
  readonly onRequestSent: Method<'onRequestSent'>;
  readonly onResponseStarted: Method<'onResponseStarted'>;
  readonly #exchange: Exchange;
  readonly #authorized: AuthorizedRequest;
  readonly #send: Send;
  /** Where a redirect interceptor below has been. It adds to this list. */
  #history: readonly URL[] | undefined;
  #started = false;
  #kept: KeptAnswer | undefined;

  constructor(exchange: Exchange, authorized: AuthorizedRequest, send: Send) {
    this.#exchange = exchange;
    this.#authorized = authorized;
    this.#send = send;
    // undici refuses a handler for what it lacks: so each method is here only if the handler of the request has it.
    const { handler } = exchange;
    this.onBodySent = bound(handler, 'onBodySent');
    this.onRequestSent = bound(handler, 'onRequestSent');
    this.onResponseStarted = bound(handler, 'onResponseStarted');
    for (const name of judged) if (typeof handler[name] !== 'function') Object.assign(this, { [name]: handler[name] });
  }

  onRequestStart(controller: Controller, context: { readonly history?: readonly URL[] } | null): void {
    const exchange = this.#exchange;
    // Aborted while this attempt waited for a connection. Nobody is told this reason.
    if (exchange.over) return controller.abort(new Error());
    this.#history = context?.history;
    exchange.handler.onRequestStart(exchange.control(controller), context);
  }

  onRequestUpgrade(controller: Controller, ...rest: Rest<'onRequestUpgrade'>): void {
    this.#exchange.decide();
    this.#exchange.handler.onRequestUpgrade(this.#exchange.control(controller), ...rest);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, message?: string): void {
    const exchange = this.#exchange;
    const shown = unkept(headers, exchange.handler);
    const start = (): void =>
      exchange.handler.onResponseStart(exchange.controller as Controller, status, shown, message);
    if (status >= 200) {
      if (this.#keep(controller, status, headers, start)) return;
      exchange.decide();
      this.#started = true;
    }
    start();
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    const { handler, controller } = this.#exchange;
    if (this.#kept) this.#kept.add(() => handler.onResponseData(controller as Controller, chunk), chunk.length);
    else handler.onResponseData(controller as Controller, chunk);
  }

  onResponseEnd(_controller: Controller, trailers: Headers): void {
    const exchange = this.#exchange;
    const end = (): void => {
      exchange.handler.onResponseEnd(exchange.controller as Controller, trailers);
      exchange.over = true;
    };
    if (this.#kept) this.#kept.end(end);
    else end();
  }

  onResponseError(controller: Controller, error: Error): void {
    const { statusCode, headers } = (error ?? {}) as { statusCode?: number; headers?: Headers };
    const fail = (): void => {
      this.#authorized.attachCause(error);
      this.#exchange.fail(error);
    };
    if (this.#kept) return this.#kept.end(fail);
    // Interceptors below may make an error of an answer.
    const isAnswer = !this.#started && statusCode && headers;
    const kept = isAnswer ? this.#keep(controller, statusCode, headers, fail) : undefined;
    if (kept === undefined) fail();
    else kept.end(() => {});
  }

  /** Keeps an answer if the request may be sent again; `undefined` if it is final. */
  #keep(controller: Controller, status: number, headers: Headers, start: () => void): KeptAnswer | undefined {
    if (!this.#authorized.mayRetry(status)) return undefined;
    const exchange = this.#exchange;
    const kept = new KeptAnswer(controller, start, (reason) => exchange.fail(reason));
    // undici calls in whichever context opened the connection.
    return exchange.runInAsyncScope(() => {
      const next = this.#next(status, headers, () => kept.read());
      if (next === undefined) return undefined;
      this.#kept = kept;
      exchange.control(kept);
      // It fails where the request was aborted.
      this.#decide(kept, next).catch((error: unknown) => exchange.fail(error));
      return kept;
    });
  }

  #next(status: number, headers: Headers, release: () => Promise<void>): Next {
    const history = this.#history ?? [];
    const landed = history.at(-1);
    const redirected = history.length > 1;
    // The redirect interceptor takes the token to no other origin.
    const carried = new Set(history.map(({ origin }) => origin)).size < 2;
    if (!carried && status === 401 && landed && this.#authorized.allows(landed.href) && this.#exchange.land(landed))
      return Promise.resolve(this.#authorized);
    const answer = { status, headers, url: landed?.href, redirected, carried };
    return this.#authorized.retry(answer, this.#exchange.options.body, release);
  }

  async #decide(kept: KeptAnswer, next: NonNullable<Next>): Promise<void> {
    const exchange = this.#exchange;
    const second = await next;
    await kept.read();
    if (exchange.over) return;
    if (second !== undefined) return this.#send(second);
    exchange.decide();
    kept.give();
  }
}

/** A cache above does not see for whose token an answer is: it is told to keep none. Others see what the API sent. */
function unkept(headers: Headers, handler: Handler): Headers {
  return /^Cache\w*Handler$/.test(handler.constructor?.name) ? { ...headers, vary: '*' } : headers;
}

type Method<Name extends keyof Handler> = NonNullable<Handler[Name]>;
type Rest<Name extends keyof Handler> =
  Method<Name> extends (controller: Controller, ...rest: infer R) => void ? R : never;

const judged = ['onRequestUpgrade', 'onResponseStart', 'onResponseData', 'onResponseEnd'] as const;

/** A method of a handler by itself; whatever is no method, as it is. */
function bound<Name extends keyof Handler>(handler: Handler, name: Name): Method<Name> {
  const method: unknown = handler[name];
  return (typeof method === 'function' ? method.bind(handler) : method) as Method<Name>;
}
