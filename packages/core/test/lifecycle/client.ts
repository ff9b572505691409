import { afterEach } from '@jest/globals';
import type { TestClock } from '@tokenline/testing';
import {
  type ClientTokenSource,
  createTokenSource,
  type GetTokenOptions,
  type TokenError,
  tokenErrorOf,
  type TokenEvent,
  type TokenSourceOptions,
} from '../../src/index.ts';
import { untimedClock } from '../test-clock.ts';
import { HeldServer, settle } from './held-server.ts';

const servers = new Set<HeldServer>();

// A request that nobody answers would keep the process up to its deadline.
afterEach(async () => {
  const refusals = [...servers].flatMap((server) => server.refusals);
  for (const server of servers) {
    server.onRequest = (request) => request.answer();
    await server.answer();
  }
  servers.clear();
  if (refusals.length > 0) throw new Error(`the identity server refused: ${refusals.join(', ')}`);
});

/** A source of tokens, the server that it asks, and the time that passes meanwhile. */
export class Client {
  readonly clock: TestClock;
  readonly server: HeldServer;
  readonly events: TokenEvent[] = [];
  readonly source: ClientTokenSource;

  constructor(
    options: Partial<TokenSourceOptions> = {},
    server: HeldServer = new HeldServer(),
    clock: TestClock = untimedClock(),
  ) {
    this.clock = clock;
    this.server = server;
    server.clock = clock;
    servers.add(server);
    this.source = createTokenSource({
      tokenEndpoint: 'https://login.example.com/connect/token',
      clientId: 'orders',
      clientSecret: 's3cret',
      clientAuthentication: 'client_secret_post',
      clock: this.clock,
      random: () => 0.5,
      // Most tests are about one failure, and not about how long a caller waits for it to pass.
      patience: 0,
      fetch: server.fetch,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  /** The value of the token that a caller gets. */
  async ask(options?: GetTokenOptions): Promise<string> {
    return (await this.source.getToken(options)).value;
  }

  /** Many callers at once. */
  askTimes(count: number, options?: GetTokenOptions): Promise<string>[] {
    return Array.from({ length: count }, () => this.ask(options));
  }

  get requestCount(): number {
    return this.server.requests.length;
  }

  /** The types of the events since this was last called. */
  newEvents(): string[] {
    return this.events.splice(0).map(({ type }) => type);
  }
}

/** A client that holds a token, `token-1`; `fields` are those of its token response. */
export async function clientWithToken(
  fields: object = {},
  options: Partial<TokenSourceOptions> = {},
  { server, clock }: { readonly server?: HeldServer; readonly clock?: TestClock } = {},
): Promise<Client> {
  const client = new Client(options, server, clock);
  const asked = client.ask();
  await client.server.answer(fields);
  await asked;
  client.newEvents();
  return client;
}

/** What becomes of a caller without anything else happening: the value of its token, the code of its error, or 'waits'. */
export async function fate(asked: Promise<string>): Promise<string> {
  const settled = asked.catch((error: unknown) => tokenErrorOf(error)?.code ?? String(error));
  await settle();
  return Promise.race([settled, Promise.resolve('waits')]);
}

/** How often each answer occurs. */
export async function tally(asked: readonly Promise<string>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of await Promise.all(asked.map(fate))) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** The error that a caller gets. */
export async function failure(asked: Promise<unknown>): Promise<TokenError> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => tokenErrorOf(reason),
  );
  if (error === undefined) throw new Error('a TokenError was expected');
  return error;
}
