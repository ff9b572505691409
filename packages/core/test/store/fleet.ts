import { MemoryStore } from '@tokenline/adapter-tests/store';
import { sharedStore, type TokenSourceOptions } from '../../src/index.ts';
import { Client } from '../lifecycle/client.ts';
import { HeldServer } from '../lifecycle/held-server.ts';
import type { TestClock } from '@tokenline/testing';
import { untimedClock } from '../test-clock.ts';

/** Processes that have a store and a server in common, and each its own clock. Time passes for all of them. */
export class Fleet {
  readonly server: HeldServer = new HeldServer();
  readonly clock: TestClock = untimedClock();
  readonly store: MemoryStore;
  readonly #clients: Client[] = [];
  readonly #options: Partial<TokenSourceOptions>;

  /** @param limit - how long the store may take. It is in this process, but the machine may be busy. */
  constructor(options: Partial<TokenSourceOptions> = {}, limit: { readonly timeout?: number } = { timeout: 600_000 }) {
    this.store = new MemoryStore({ now: this.clock.now, ...limit });
    this.#options = options;
    this.server.onRequest = (request) => request.answer();
  }

  /** A process that has just started. */
  client(options: Partial<TokenSourceOptions> = {}): Client {
    const client = new Client({ store: sharedStore(this.store), ...this.#options, ...options }, this.server);
    client.clock.advance(this.clock.monotonic());
    this.#clients.push(client);
    return client;
  }

  clients(count: number): Client[] {
    return Array.from({ length: count }, () => this.client());
  }

  get requestCount(): number {
    return this.server.requests.length;
  }

  advance(milliseconds: number): void {
    for (const { clock } of [this, ...this.#clients]) clock.advance(milliseconds);
  }
}

/** A promise that nothing settles. */
export const never = (): Promise<never> => new Promise(() => {});

/** Waits, in real time, until something has happened: what goes through a store takes more than promises. */
export async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; !condition(); looks++) {
    if (looks > 50_000) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
