/** Answers a request in place of the server. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** Which of the next requests are meant. */
export interface NextOptions<Endpoint extends string = string> {
  /** How many: `Infinity` until `recover()`. @defaultValue 1 */
  readonly times?: number | undefined;
  /** The endpoint that they go to, where a server has several. @defaultValue the token endpoint */
  readonly endpoint?: Endpoint | undefined;
}

/** How the next requests fail. */
export interface FailNextOptions<Endpoint extends string = string> extends NextOptions<Endpoint> {
  /** The status of the answer. @defaultValue 503, or 400 with {@link error} */
  readonly status?: number | undefined;
  /** The `error` of an answer in JSON, such as `'invalid_client'`. @defaultValue none: the answer is a page in HTML */
  readonly error?: string | undefined;
  /** Further headers of the answer, such as `retry-after`. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Requests that are left without an answer, as `hangNext()` gives them. */
export interface HangingRequests {
  /** Resolves when the first of them has arrived. */
  readonly arrived: Promise<void>;
  /** Answers them now; those that have not arrived yet are answered at once when they do. */
  release(): void;
}

interface Step {
  readonly endpoint: string;
  readonly answer: Answer;
  left: number;
}

/** What happens to the next requests, in the order in which it was said. */
export class Script {
  #steps: Step[] = [];

  add(answer: Answer, endpoint: string, times = 1): void {
    if (!(times === Infinity || (Number.isInteger(times) && times > 0)))
      throw new TypeError('times must be a positive integer, or Infinity');
    this.#steps.push({ endpoint, answer, left: times });
  }

  /** What happens to a request that arrives at this endpoint now; `undefined` where nothing was said. */
  take(endpoint: string): Answer | undefined {
    const step = this.#steps.find((each) => each.endpoint === endpoint);
    if (step === undefined) return undefined;
    step.left--;
    this.#steps = this.#steps.filter(({ left }) => left > 0);
    return step.answer;
  }

  clear(): void {
    this.#steps = [];
  }
}
