import { setImmediate } from 'node:timers/promises';
import { type FakeIdentityServer, fakeIdentityServer } from '@tokenline/testing';

/** What is answered: the fields of a token response that differ from the usual ones, any other answer, or no answer at all. */
export type Reply = object | Response | Error;

/** One token request: the fake identity server has checked it, and its answer is held until somebody lets it go. */
export class TokenRequest {
  readonly form: URLSearchParams;
  readonly signal: AbortSignal;
  readonly answered: Promise<Response>;
  readonly #number: number;
  readonly #own: Promise<object | Response>;
  readonly #settle: Omit<ReturnType<typeof deferred<Response>>, 'promise'>;
  /** What the identity server refused it with, where nobody gave it another answer. */
  refusal: string | undefined;
  #unanswered = true;

  constructor(number: number, { body, signal }: RequestInit, own: Promise<object | Response>) {
    if (!(body instanceof URLSearchParams) || !signal) throw new Error('a form and a signal were expected');
    const { promise, ...settlers } = deferred<Response>();
    this.form = body;
    this.signal = signal;
    this.answered = promise;
    this.#number = number;
    this.#own = own;
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

  /** Lets the answer of the identity server go, or another one. */
  answer(reply: Reply = {}): void {
    this.#unanswered = false;
    if (reply instanceof Error) return this.#settle.reject(reply);
    return this.#settle.resolve(reply instanceof Response ? reply : this.#issued(reply));
  }

  /** Answers with a token, for whatever it was asked: where the subject is what the client asks for. */
  grant(): void {
    this.answer(Response.json({ access_token: this.token, token_type: 'Bearer', expires_in: 3600 }));
  }

  /** Ends like a connection that is closed, as a real `fetch` does when its signal is aborted. */
  heedSignal(): void {
    this.signal.addEventListener('abort', () => this.#settle.reject(this.signal.reason));
  }

  /** What the identity server answers, with other or more fields where it issues a token. */
  async #issued(fields: object): Promise<Response> {
    const own = await this.#own;
    if (!(own instanceof Response)) return Response.json({ ...own, access_token: this.token, ...fields });
    this.refusal = `${own.status} ${await own.clone().text()}`;
    return own;
  }
}

/** The fake identity server, whose answers are held until {@link TokenRequest.answer}. */
export class HeldServer {
  readonly #identity: FakeIdentityServer = fakeIdentityServer({
    issuer: 'https://login.example.com/connect',
    scopes: ['read', 'write', 'a', 'b', 'c', 'other'],
    clock: { now: () => this.clock.now() },
  });
  /** Its time. */
  clock: { now(): number } = Date;
  readonly requests: TokenRequest[] = [];
  /** Deals with a request when it arrives. Without it, requests wait for {@link answer}. */
  onRequest: ((request: TokenRequest) => unknown) | undefined;
  readonly fetch: typeof fetch;
  readonly #mayRefuse: boolean;

  constructor({ heedsSignals = true, mayRefuse = false }: { heedsSignals?: boolean; mayRefuse?: boolean } = {}) {
    this.#mayRefuse = mayRefuse;
    this.register('s3cret');
    this.fetch = (url, init = {}) => {
      const request = new TokenRequest(this.requests.length + 1, init, this.#ask(url, init));
      if (heedsSignals) request.heedSignal();
      this.requests.push(request);
      this.onRequest?.(request);
      return request.answered;
    };
  }

  /** Makes this the secret of the client. */
  register(client_secret: string): void {
    this.#identity.register('orders', { client_secret, token_endpoint_auth_method: 'client_secret_post' });
  }

  /** What the identity server refused although the test is not about that. */
  get refusals(): readonly string[] {
    return this.#mayRefuse ? [] : this.requests.flatMap(({ refusal }) => refusal ?? []);
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

  /** The fields of the token that the identity server issues, or else its refusal. */
  async #ask(url: string | URL | Request, init: RequestInit): Promise<object | Response> {
    const response = await this.#identity.fetch(url, { ...init, signal: null });
    return response.ok ? ((await response.json()) as object) : response;
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
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T | Promise<T>) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T | Promise<T>) => void;
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
