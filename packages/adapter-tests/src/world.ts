import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from '@jest/globals';
import { type ClientTokenSource, createTokenSource, type TokenSource, type TokenSourceOptions } from '@tokenline/core';
import type { AdapterUnderTest, ClientOptions, ClientUnderTest } from './adapter.ts';
import { ApiServer } from './api-server.ts';
import { DPoPGuard } from './dpop-guard.ts';
import { IdentityServer } from './identity-server.ts';

/** All that a test needs: an identity server, an API, another API that the token is none of the business of, and clients. */
export class World {
  readonly adapter: AdapterUnderTest;
  declare identity: IdentityServer;
  declare api: ApiServer;
  declare foreign: ApiServer;
  readonly #clients: ClientUnderTest[] = [];

  constructor(adapter: AdapterUnderTest) {
    this.adapter = adapter;
  }

  /** A new source of tokens of the identity server. */
  source(options: Partial<TokenSourceOptions> = {}): ClientTokenSource {
    // Failures are to reach the client at once: how long a caller waits for them to pass is core's affair.
    // A busy machine may need longer than the usual ten seconds.
    return createTokenSource({ ...this.identity.client, patience: 0, ...options });
  }

  /** A client of the API. */
  client(options: Partial<ClientOptions> = {}): ClientUnderTest {
    const client = this.adapter.create({ baseUrl: this.api.origin, source: this.source(), ...options });
    this.#clients.push(client);
    return client;
  }

  /** Has the API accept nothing but tokens that are bound to a key, with the proof that belongs to each request. */
  guard(): DPoPGuard {
    const guard = new DPoPGuard(this.identity, this.api.origin);
    this.identity.accessTokenFormat = 'jwt';
    this.api.refuse = (request) => guard.refuse(request);
    return guard;
  }

  async open(): Promise<void> {
    const accepts = (token: string): boolean => this.identity.accepts(token);
    [this.identity, this.api, this.foreign] = await Promise.all([
      IdentityServer.start(),
      ApiServer.start({ accepts }),
      ApiServer.start({ accepts }),
    ]);
  }

  async close(): Promise<void> {
    // What still waits for a token would otherwise wait for its time-out.
    this.identity.recover();
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
    await Promise.all([this.identity.close(), this.api.close(), this.foreign.close()]);
  }
}

/** A world of its own for every test of a suite. */
export function useWorld(adapter: AdapterUnderTest): World {
  const world = new World(adapter);
  beforeEach(() => world.open());
  afterEach(() => world.close());
  return world;
}

/** A source without a server. Whoever refuses one of its tokens gets the next. */
export function sourceOf(...values: readonly string[]): TokenSource & { current: number } {
  return {
    current: 0,
    async getToken({ rejected } = {}) {
      if (rejected === values[this.current]) this.current = (this.current + 1) % values.length;
      return { value: values[this.current] ?? '', type: 'Bearer', expiresAt: undefined, scope: undefined };
    },
  };
}

/** Waits until something is so. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let looks = 0; !condition(); looks++) {
    if (looks > 50_000) throw new Error(`waited in vain until ${what}`);
    await sleep(1);
  }
}
