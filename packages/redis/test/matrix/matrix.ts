import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';
import type { RedisStoreOptions } from '../../src/index.ts';
import { newPrefix } from '../redis.ts';
import { Worker } from '../worker.ts';
import { clientsFor, type Place } from './clients.ts';

/** For a store that fails: so long do those wait who want to share. */
const impatience = 1_000;
/** For a store that is well: the machine may have other things to do, and so has the store. */
const patience = 60_000;

type StoreOptions = Pick<RedisStoreOptions, 'prefix' | 'timeout'>;

const impatient = (): StoreOptions => ({ prefix: newPrefix(), timeout: impatience });

/** What is wrong with a store. */
export interface Fault {
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
  /** The code of an event that tells of it. */
  readonly code?: string;
  /** The clients that do not find back when it is over. */
  readonly lost?: readonly string[];
}

/** What came of it when processes asked for a token. */
interface Round {
  /** How many token requests that took. */
  readonly requests: number;
  /** How many tokens they have. */
  readonly tokens: number;
}

/** The one that a store is for. */
export const shared: Round = { requests: 1, tokens: 1 };

/** A fleet in which every process has another client, for the tests of one block. */
export class Matrix {
  identity!: IdentityServer;
  #workers: readonly Worker[] = [];
  readonly #issued: Set<string> = new Set();

  constructor(place: () => Place) {
    beforeAll(async () => {
      this.identity = await IdentityServer.start();
      const options = { ...this.identity.client, place: place(), timeout: 120_000 };
      // Nothing is encrypted, so that a token that is shown is found.
      const store = { plaintext: true } as const;
      const start = (client: string): Promise<Worker> => Worker.start({ ...options, client, store });
      this.#workers = await Promise.all(clientsFor(options.place.topology).map(start));
    });
    afterAll(async () => {
      await Promise.all(this.#workers.map((worker) => worker.kill()));
      await this.identity.close();
    });
  }

  /** All ask for a token that nobody has yet. */
  ask(prefix: string = newPrefix()): Promise<Round> {
    return this.#ask({ prefix, timeout: patience });
  }

  /** The same, and something happens while one process requests it and the others wait. */
  askWhile(happens: () => Promise<unknown>, prefix: string = newPrefix()): Promise<Round> {
    return this.#askWhile(happens, { prefix, timeout: patience });
  }

  /**
   * No process fails, each makes one token request at most, whether it was at work when the fault began or begins after that,
   * and all share again when it is over.
   */
  async survive({ begin, end, code, lost }: Fault): Promise<void> {
    for (const { events } of this.#workers) events.splice(0);
    const rounds = [await this.#askWhile(begin, impatient()), await this.#ask(impatient())];
    for (const { requests } of rounds) assert.ok(requests <= this.#workers.length, `${requests} token requests`);
    const codes = this.#workers.flatMap(({ events }) => events.map((event) => 'code' in event && event.code));
    assert.ok(code === undefined || codes.includes(code), `no ${code} was met with`);
    await end();
    const others = this.#workers.filter(({ client }) => lost?.includes(client) !== true);
    await until(async () => {
      const { requests, tokens } = await this.#ask(impatient(), others);
      return requests === 1 && tokens === 1;
    });
  }

  /** No process has ended because nobody handled what happened, and none has shown a credential. */
  keepPeace(): void {
    assert.deepEqual(
      this.#workers.filter(({ isAlive }) => !isAlive).map(({ client }) => client),
      [],
    );
    const shown = this.#workers.map(({ output, events }) => output + JSON.stringify(events)).join('\n');
    const secrets = [this.identity.client.clientSecret, ...this.#issued];
    assert.deepEqual(
      secrets.filter((text) => shown.includes(text)),
      [],
    );
  }

  async #ask(store: StoreOptions, workers = this.#workers): Promise<Round> {
    const before = this.identity.tokenRequests;
    const values = await Promise.all(workers.map((worker) => worker.ask({ store })));
    assert.ok(values.every((value) => this.identity.accepts(value)));
    values.forEach((value) => this.#issued.add(value));
    return { requests: this.identity.tokenRequests - before, tokens: new Set(values).size };
  }

  async #askWhile(happens: () => Promise<unknown>, store: StoreOptions): Promise<Round> {
    const before = this.identity.tokenRequests;
    this.identity.fail('hanging');
    const asked = this.#ask(store);
    await until(() => this.identity.tokenRequests > before);
    await happens();
    this.identity.recover();
    return asked;
  }
}

/** Waits until something is true. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const last = performance.now() + 120_000;
  while (!(await condition())) {
    if (performance.now() > last) throw new Error(`this did not come true: ${String(condition)}`);
    await setTimeout(20);
  }
}
