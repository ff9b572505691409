import { setImmediate } from 'node:timers/promises';

/** What is answered: the fields of a token response that differ from the usual ones, any other answer, or no answer at all. */
export type Reply = object | Response | Error;

/** One token request: it waits until it is answered, or aborted. */
export class TokenRequest {
  readonly form: URLSearchParams;
  readonly signal: AbortSignal;
  readonly answered: Promise<Response>;
  readonly #number: number;
  readonly #settle: { resolve: (response: Response) => void; reject: (reason: unknown) => void };
  #unanswered = true;

  constructor(number: number, { body, signal }: RequestInit) {
    if (!(body instanceof URLSearchParams) || !signal) throw new Error('a form and a signal were expected');
    const { promise, ...settlers } = deferred<Response>();
    this.form = body;
    this.signal = signal;
    this.answered = promise;
    this.#number = number;
    this.#settle = settlers;
  }

  get unanswered(): boolean {
    return this.#unanswered;
  }

  /** Whether somebody still waits for the answer. */
  get waiting(): boolean {
    return this.#unanswered && !this.signal.aborted;
  }

  /** The name of the token that this request is answered with, unless the reply says otherwise. */
  get token(): string {
    return `token-${this.#number}`;
  }

  answer(reply: Reply = {}): void {
    this.#unanswered = false;
    if (reply instanceof Error) return this.#settle.reject(reply);
    const usual = { access_token: this.token, token_type: 'Bearer', expires_in: 3600 };
    return this.#settle.resolve(reply instanceof Response ? reply : Response.json({ ...usual, ...reply }));
  }

  /** Ends like a connection that is closed, as a real `fetch` does when its signal is aborted. */
  heedSignal(): void {
    this.signal.addEventListener('abort', () => this.#settle.reject(this.signal.reason));
  }
}

/** An authorization server at the other end of an injected `fetch`. */
export class FakeServer {
  readonly requests: TokenRequest[] = [];
  /** Deals with a request when it arrives. Without it, requests wait for {@link answer}. */
  onRequest: ((request: TokenRequest) => unknown) | undefined;
  readonly fetch: typeof fetch;

  constructor({ heedsSignals = true }: { heedsSignals?: boolean } = {}) {
    this.fetch = (_url, init = {}) => {
      const request = new TokenRequest(this.requests.length + 1, init);
      if (heedsSignals) request.heedSignal();
      this.requests.push(request);
      this.onRequest?.(request);
      return request.answered;
    };
  }

  get waiting(): readonly TokenRequest[] {
    return this.requests.filter((request) => request.waiting);
  }

  /** Answers whoever waits, all alike, and lets the answers arrive. */
  async answer(reply?: (() => Reply) | object): Promise<void> {
    await settle();
    for (const request of this.waiting) request.answer(typeof reply === 'function' ? reply() : reply);
    await settle();
  }
}

/** An error of RFC 6749 §5.2. */
export const oauthError = (error: string): Response => Response.json({ error }, { status: 400 });

/** A server, or what stands before it, that is out of order. */
export const unavailable = (headers: Record<string, string> = {}, status = 503): Response =>
  new Response('<h1>Back soon</h1>', { status, headers });

/** No server at all. */
export const unreachable = (): Error => new TypeError('fetch failed');

/** A promise, and what settles it. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...settlers) => ([resolve, reject] = settlers));
  return { promise, resolve, reject };
}

/** Lets everything go a few steps on, so that what comes next meets it half done. */
export async function steps(count: number): Promise<void> {
  for (let step = 0; step < count; step++) await Promise.resolve();
}

/** Lets everything happen that needs no more than promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await setImmediate();
}
