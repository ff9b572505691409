import { IdentityServer } from './identity-server.ts';
import { Network } from './network.ts';
import { Process } from './process.ts';
import { Store } from './store.ts';
import { Watch } from './watch.ts';
import type { World } from './world.ts';

/** What a fleet is like when nothing is wrong. Durations are milliseconds. */
export interface FleetOptions {
  readonly processes: number;
  /** How long a token lasts. */
  readonly lifetime: number;
  /** How long a token request takes, on average. */
  readonly pace: number;
  /** The mean time between two calls of one process. */
  readonly gap: number;
  /** Within which time all processes start. */
  readonly start: number;
  /** Whether they have a store. */
  readonly shared: boolean;
  /** Whether they can believe what is in the store. @defaultValue `true` */
  readonly authentic?: boolean;
}

/** The default `timeout` of a source. */
const timeout = 10_000;

/** Processes, and what they have in common. */
export class Fleet {
  readonly world: World;
  readonly options: FleetOptions;
  readonly watch: Watch;
  readonly network: Network;
  readonly identityServer: IdentityServer;
  readonly store: Store;
  readonly processes: readonly Process[];
  /** Whether the API refuses every token. */
  refusing = false;
  #closing = false;

  constructor(world: World, options: FleetOptions) {
    const { processes, lifetime, pace, shared } = options;
    this.world = world;
    this.options = options;
    this.watch = new Watch(world, { timeout, lifetime, shared });
    this.network = new Network(world);
    this.identityServer = new IdentityServer(world, this.network, this.watch, lifetime);
    this.identityServer.pace = pace;
    this.watch.issuer = this.identityServer;
    this.store = new Store(world, this.network, options.authentic ?? true);
    this.processes = Array.from({ length: processes }, (_, index) => new Process(this, `#${index + 1}`));
    for (const process of this.processes)
      world.after(world.random.between(0, options.start), () => this.start(process));
  }

  start(process: Process): void {
    process.start();
    this.#callAgain(process, 0);
  }

  /** Lets time pass, then lets everybody finish what has begun. */
  async run(duration: number): Promise<void> {
    const unhandled = (reason: unknown): void => this.watch.unhandled(reason);
    process.on('unhandledRejection', unhandled);
    try {
      await this.world.run(duration);
      this.#closing = true;
      await this.world.run(3 * timeout);
    } finally {
      process.off('unhandledRejection', unhandled);
    }
    this.watch.finished();
  }

  #callAgain(process: Process, delay: number): void {
    process.after(delay, () => {
      if (this.#closing) return;
      this.#callAgain(process, this.world.random.gap(this.options.gap));
      void this.#call(process);
    });
  }

  /** Somebody in a process calls the API, once more if it refuses the token. */
  async #call(process: Process): Promise<void> {
    const token = await this.#getToken(process);
    if (token === undefined) return;
    const way = this.network.trip(process, 'API');
    if (way === undefined) return;
    await new Promise<void>((resolve) => void process.after(2 * way, resolve));
    if (this.refusing || !this.identityServer.accepts(token)) await this.#getToken(process, token);
  }

  #getToken(process: Process, rejected?: string): Promise<string | undefined> {
    return this.watch.caller(process, rejected, process.source!.getToken({ rejected }));
  }
}
