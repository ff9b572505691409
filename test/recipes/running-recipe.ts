import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { ApiServer, unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, type ClientTokenSource, type TokenEvent } from '@tokenline/fetch';
import { SnippetFolder, snippetsOf } from '../snippets.ts';
import type { Recipe, StandIn } from './recipe.ts';

/** The recipes of the page: their code, by their headings. */
export const page: ReadonlyMap<string, string> = new Map(
  snippetsOf('docs/custom-sources.md').map(({ heading, code }) => [heading, code]),
);

const folder = new SnippetFolder('recipes');

/** Tells the time, and no more: the libraries read the clock themselves. It stands still unless it is told to go on. */
function startClock(): void {
  jest.useFakeTimers({
    now: Date.UTC(2026, 10, 23, 12),
    doNotFake: [
      'hrtime',
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

// What each caller causes.
const perCaller: readonly string[] = ['served', 'missed', 'joined', 'skipped', 'replayed'];

/**
 * A recipe that runs as the page has it, beside its stand-in. Its source is attached to a client of an API that takes the
 * tokens of the stand-in.
 */
export class RunningRecipe<T extends StandIn = StandIn> {
  readonly standIn: T;
  readonly source: ClientTokenSource;
  readonly api: ApiServer;
  readonly #events: TokenEvent[] = [];
  readonly #listen = (event: unknown): number => this.#events.push(event as TokenEvent);
  readonly #environment: NodeJS.ProcessEnv;
  readonly #fetch: typeof fetch;

  private constructor(standIn: T, source: ClientTokenSource, api: ApiServer, environment: NodeJS.ProcessEnv) {
    this.standIn = standIn;
    this.source = source;
    this.api = api;
    this.#environment = environment;
    this.#fetch = bearerAuth(fetch, source, { origins: [api.origin] });
    subscribe('tokenline', this.#listen);
  }

  /** @param changes - what the recipe says in another way, beside the address of its stand-in. */
  static async start<T extends StandIn>(
    { heading, challenge, start }: Recipe<T>,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<RunningRecipe<T>> {
    startClock();
    const standIn = await start();
    const { issuer } = standIn;
    const api = await ApiServer.start({ accepts: (token) => issuer.accepts(token) });
    api.refuse = ({ authorization = '' }) =>
      issuer.accepts(authorization.replace('Bearer ', '')) ? undefined : unauthorized(challenge);

    const environment = { ...process.env };
    Object.assign(process.env, standIn.environment);
    const code = page.get(heading) ?? '';
    const all = { ...changes, ...standIn.changes };
    const missing = Object.keys(all).find((text) => !code.includes(text));
    if (missing !== undefined) throw new Error(`the recipe "${heading}" has no "${missing}"`);
    const file = await folder.write({ heading, code: `${code}\nexport { source };\n` }, all);
    const { source } = (await import(file)) as { source: ClientTokenSource };
    return new RunningRecipe(standIn, source, api, environment);
  }

  /** What happened to the tokens: the types of the events, without those that each caller causes. */
  get events(): string[] {
    return this.#events.map(({ type }) => type).filter((type) => !perCaller.includes(type));
  }

  /** The tokens that the API was shown, each once. */
  get shown(): string[] {
    return [...new Set(this.api.requests.map(({ authorization = '' }) => authorization.replace('Bearer ', '')))];
  }

  /** Asks the API for something, and gives the status of its answer. */
  async get(call: typeof fetch = this.#fetch): Promise<number> {
    const response = await call(`${this.api.origin}/orders`);
    await response.text();
    return response.status;
  }

  /** As {@link get}, a hundred times at once; gives each status once. */
  async herd(): Promise<number[]> {
    return [...new Set(await Promise.all(Array.from({ length: 100 }, () => this.get())))];
  }

  /** Time passes, and what is due happens. */
  async elapse(milliseconds: number): Promise<void> {
    jest.setSystemTime(Date.now() + milliseconds);
    await this.standIn.tick?.();
  }

  /** Waits for a renewal that is under way. */
  async renewed(): Promise<void> {
    const pending = (): boolean => this.#events.findLast(({ type }) => !perCaller.includes(type))?.type === 'requested';
    while (pending()) await sleep(5);
  }

  async stop(): Promise<void> {
    unsubscribe('tokenline', this.#listen);
    jest.useRealTimers();
    for (const name of Object.keys(this.standIn.environment ?? {})) delete process.env[name];
    Object.assign(process.env, this.#environment);
    await Promise.all([this.standIn.close(), this.api.close(), folder.remove()]);
  }
}
