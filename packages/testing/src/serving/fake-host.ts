import { untilAborted } from '@tokenline/core/adapter';
import { connectionError, isConnectionError } from './connection.ts';
import { fetchWith } from './redirects.ts';
import type { ListenOptions } from './listen-options.ts';
import { type Listener, startListener } from './listener.ts';

/** The `http` of `msw`, as far as it is needed: handlers are made with the copy that the test itself uses. */
export interface MswHttp<Handler> {
  all(path: string, resolver: (info: { readonly request: Request }) => Promise<Response>): Handler;
}

/** Something that answers requests to one origin, and serves three ways: as a `fetch`, on loopback, and through `msw`. */
export abstract class FakeHost {
  /**
   * Answers requests to {@link origin} without a network. A request to any other origin fails, as one to a host that does not
   * exist: with a `TypeError`.
   */
  readonly fetch: typeof fetch;
  readonly #virtualOrigin: string;
  #listener: Listener | undefined;

  constructor(origin: string) {
    this.#virtualOrigin = origin;
    this.fetch = async (input, init) => fetchWith((request) => this.#answer(request), new Request(input, init));
  }

  /** Where requests go to: the virtual one, or after {@link listen} the one on loopback. */
  get origin(): string {
    return this.#listener?.origin ?? this.#virtualOrigin;
  }

  /**
   * Serves on 127.0.0.1, from now on and under another origin. Call it before the origin is passed on to anybody.
   *
   * @throws the error of the runtime when the port is taken, or the certificate is none.
   */
  async listen(options: ListenOptions = {}): Promise<this> {
    this.#listener ??= await startListener((request) => this.handle(request), options);
    return this;
  }

  /** Ends what {@link listen} started, open connections included. Without that, it does nothing. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }

  /** {@inheritDoc close} */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Handlers for `msw`, which answer all requests to {@link origin}.
   *
   * @param http - the `http` of `msw` 2 or 3.
   * @example
   * ```ts
   * import { http } from 'msw';
   * import { setupServer } from 'msw/node';
   *
   * setupServer(...server.handlers(http), ...api.handlers(http)).listen();
   * ```
   */
  handlers<Handler>(http: MswHttp<Handler>): Handler[] {
    const resolve = (request: Request): Promise<Response> =>
      untilAborted(this.handle(request), request.signal).catch((error: unknown) => {
        // Whoever has given up has its own reason by then, and msw would report one of ours.
        if (request.signal.aborted || isConnectionError(error)) return Response.error();
        throw error;
      });
    return [http.all(`${this.origin}/*`, ({ request }) => resolve(request))];
  }

  /** Answers a request. Rejects with a connection error where there is to be no answer. */
  protected abstract handle(request: Request): Promise<Response>;

  async #answer(request: Request): Promise<Response> {
    const { origin } = new URL(request.url);
    if (origin !== this.origin) throw connectionError('ENOTFOUND', `there is no server at ${origin}`);
    return this.handle(request);
  }
}
