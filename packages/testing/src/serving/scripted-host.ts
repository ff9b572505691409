import { connectionError } from './connection.ts';
import { FakeHost } from './fake-host.ts';
import { type Answer, type FailNextOptions, type HangingRequests, type NextOptions, Script } from './script.ts';

/** A host whose next answers can be scripted. What is said first happens first. */
export abstract class ScriptedHost<Endpoint extends string> extends FakeHost {
  readonly #script: Script = new Script();
  readonly #mainEndpoint: Endpoint;
  #held: (() => void)[] = [];

  constructor(origin: string, mainEndpoint: Endpoint) {
    super(origin);
    this.#mainEndpoint = mainEndpoint;
  }

  /**
   * Fails the next requests, whatever they ask for.
   *
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  failNext(options: FailNextOptions<Endpoint> = {}): void {
    const { error, headers = {}, status = error === undefined ? 503 : 400 } = options;
    const fail = (): Response =>
      error === undefined
        ? new Response(`<h1>${status}</h1>`, { status, headers: { 'content-type': 'text/html', ...headers } })
        : Response.json({ error }, { status, headers: { ...headers } });
    this.#add(fail, options);
  }

  /**
   * Leaves the next requests without an answer, until `release()` of what it returns, or {@link recover}. Then they are
   * answered as if they had just arrived.
   *
   * @example
   * ```ts
   * const hanging = server.hangNext();
   * const asked = [source.getToken(), source.getToken()];
   * await hanging.arrived;
   * server.tokenRequests.length; // 1: the callers share it
   * hanging.release();
   * ```
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  hangNext(options: NextOptions<Endpoint> = {}): HangingRequests {
    const { endpoint = this.#mainEndpoint } = options;
    let [arrive, release] = [(): void => {}, (): void => {}];
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    this.#add(async (request) => {
      arrive();
      await released;
      return this.answer(request, endpoint);
    }, options);
    this.#held.push(release);
    return { arrived, release };
  }

  /**
   * Breaks the connections of the next requests: a `fetch` rejects with a `TypeError`.
   *
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  dropNext(options: NextOptions<Endpoint> = {}): void {
    this.#add(() => {
      throw connectionError('ECONNRESET', 'the connection was broken');
    }, options);
  }

  /**
   * Answers the next requests with a response of your own, which nothing is checked of.
   *
   * @param answer - a response, or a function that is called for each request and returns one.
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  answerNext(answer: Response | Answer, options: NextOptions<Endpoint> = {}): void {
    this.#add(typeof answer === 'function' ? answer : () => answer.clone(), options);
  }

  /** Ends all that was scripted. Requests that were left without an answer get it now. */
  recover(): void {
    this.#script.clear();
    for (const resume of this.#held.splice(0)) resume();
  }

  /** Answers a request as the script says, or else as the host itself does. */
  protected async respond(request: Request, endpoint: Endpoint): Promise<Response> {
    return (this.#script.take(endpoint) ?? ((given) => this.answer(given, endpoint)))(request);
  }

  /** Answers a request as the host itself does. */
  protected abstract answer(request: Request, endpoint: Endpoint): Promise<Response>;

  #add(answer: Answer, { endpoint = this.#mainEndpoint, times }: NextOptions<Endpoint>): void {
    this.#script.add(answer, endpoint, times);
  }
}
