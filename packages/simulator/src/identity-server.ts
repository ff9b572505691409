import type { Fetch, FetchedResponse } from '@tokenline/core';
import type { Network } from './network.ts';
import type { Process } from './process.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** What becomes of a token request. */
export type Condition =
  | 'well'
  | 'refuses connections'
  | 'is silent'
  | 'answers with 503'
  | 'is slow'
  | 'fails at times';

interface Token {
  readonly issued: number;
  readonly expires: number;
  revoked: boolean;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

/** Issues tokens, and knows which are good. */
export class IdentityServer {
  condition: Condition = 'well';
  /** How many milliseconds a token request takes. */
  pace = 100;
  /** How many milliseconds a request takes while it is slow. */
  slowPace = 7_000;
  readonly #world: World;
  readonly #network: Network;
  readonly #watch: Watch;
  readonly #lifetime: number;
  readonly #tokens: Map<string, Token> = new Map();

  constructor(world: World, network: Network, watch: Watch, lifetime: number) {
    this.#world = world;
    this.#network = network;
    this.#watch = watch;
    this.#lifetime = lifetime;
  }

  isExpired(token: string): boolean {
    return (this.#tokens.get(token)?.expires ?? 0) <= this.#world.time;
  }

  issuedAt(token: string): number {
    return this.#tokens.get(token)?.issued ?? 0;
  }

  /** Whether an API takes a token. */
  accepts(token: string): boolean {
    return !this.isExpired(token) && this.#tokens.get(token)?.revoked === false;
  }

  revokeAll(): void {
    for (const token of this.#tokens.values()) token.revoked = true;
  }

  /** The `fetch` of a process. */
  fetchOf(process: Process): Fetch {
    return (_, { signal }) =>
      new Promise<FetchedResponse>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.#watch.asked(process);
        this.#network.ask<Reply | undefined>(
          process,
          'identity server',
          (answer) => this.#answer(process, answer),
          (reply) => (reply === undefined ? reject(new TypeError('fetch failed')) : resolve(responseOf(reply))),
        );
      });
  }

  #answer(process: Process, answer: (reply: Reply | undefined) => void): void {
    const { random } = this.#world;
    const pace = this.pace * (0.5 + random.next());
    const failing = this.condition === 'fails at times' ? random.chance(0.7) : this.condition === 'answers with 503';
    if (this.condition === 'refuses connections') answer(undefined);
    else if (failing) this.#world.after(Math.min(pace, 10), () => answer({ status: 503, body: {} }));
    else if (this.condition === 'is slow') this.#world.after(this.slowPace, () => answer(this.#issue(process)));
    else if (this.condition !== 'is silent') this.#world.after(pace, () => answer(this.#issue(process)));
  }

  #issue(process: Process): Reply {
    const token = `token-${this.#tokens.size + 1}`;
    const issued = this.#world.time;
    this.#tokens.set(token, { issued, expires: issued + this.#lifetime, revoked: false });
    this.#watch.issued(process, token);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: this.#lifetime / 1_000 } };
  }
}

function responseOf({ status, body }: Reply): FetchedResponse {
  const headers = new Headers({ 'content-type': 'application/json' });
  return { status, headers, text: async () => JSON.stringify(body) };
}
