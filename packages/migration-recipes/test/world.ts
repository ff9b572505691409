import { jest } from '@jest/globals';
import { ApiServer, IdentityServer, type Registrations } from '@tokenline/adapter-tests';

/** An identity server, an API that takes its tokens, another API, and the clocks of the runtime. */
export class World {
  readonly identity: IdentityServer;
  readonly api: ApiServer;
  readonly foreign: ApiServer;
  #counted = 0;

  private constructor(identity: IdentityServer, api: ApiServer, foreign: ApiServer) {
    this.identity = identity;
    this.api = api;
    this.foreign = foreign;
  }

  static async open(registrations: Registrations): Promise<World> {
    const identity = await IdentityServer.start({ registrations, now: () => Date.now() });
    const accepts = (token: string): boolean => identity.accepts(token);
    const [api, foreign] = await Promise.all([ApiServer.start({ accepts }), ApiServer.start({ accepts })]);
    return new World(identity, api, foreign);
  }

  /** From now on, only what comes is counted. */
  startCounting(): void {
    this.#counted = this.identity.tokenRequests;
    this.api.requests.length = 0;
  }

  /** How many token requests have come since. */
  get tokenRequests(): number {
    return this.identity.tokenRequests - this.#counted;
  }

  /** Moves the clocks ahead, and stops them there if it is told to. */
  moveClocks(milliseconds: number, stopped = false): void {
    for (const clock of [Date, performance]) {
      const now = clock.now.bind(clock);
      const start = now();
      jest.spyOn(clock, 'now').mockImplementation(() => (stopped ? start : now()) + milliseconds);
    }
  }

  async close(): Promise<void> {
    jest.restoreAllMocks();
    this.identity.recover();
    await Promise.all([this.identity.close(), this.api.close(), this.foreign.close()]);
  }
}
