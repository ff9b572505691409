import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import type { TokenEvent } from '@tokenline/core';
import type { SnippetFolder } from '../../../test/snippets.ts';
import { codeFor, folderOf } from './page.ts';
import { order, type Sdk } from './sdks/sdk.ts';

/** Sends one request with an SDK. */
type Call = () => Promise<unknown>;

/** An identity server, and an API that takes its tokens and answers with what the SDK expects. */
export class World {
  /** What the API answers to a request with a good token, as JSON. */
  answer: unknown = order;
  /** Everything that the sources said. */
  readonly events: TokenEvent[] = [];
  readonly identity: IdentityServer;
  readonly api: ApiServer;
  readonly #listen = (event: unknown): number => this.events.push(event as TokenEvent);

  readonly #folder: SnippetFolder;

  private constructor(identity: IdentityServer, api: ApiServer, folder: SnippetFolder) {
    this.#folder = folder;
    this.identity = identity;
    this.api = api;
    api.respond = ({ authorization = '' }) =>
      identity.accepts(authorization.replace('Bearer ', ''))
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(this.answer) }
        : undefined;
    process.env['CLIENT_SECRET'] = identity.client.clientSecret;
    subscribe('tokenline', this.#listen);
  }

  /** @param name - the folder for the code that runs; each test file has its own. */
  static async open(name: string): Promise<World> {
    const identity = await IdentityServer.start();
    const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
    return new World(identity, api, folderOf(name));
  }

  /** Forgets what happened. */
  reset(): void {
    this.answer = order;
    this.events.length = 0;
    this.api.requests.length = 0;
  }

  /** Runs code of the page against these servers, and gives what it exports. */
  async run<T>(heading: string, code: string, changes: Readonly<Record<string, string>> = {}): Promise<T> {
    const { hostname, port } = new URL(this.api.origin);
    const file = await this.#folder.write(
      { heading, code },
      {
        ...changes,
        'https://login.example.com': this.identity.issuer,
        'https://api.example.com': this.api.origin,
        "host: 'api.example.com'": `host: '${hostname}', port: ${port}, protocol: 'http'`,
      },
    );
    return (await import(file)) as T;
  }

  /** What calls an SDK that is set up as the page says. */
  async callOf(sdk: Sdk, client: string, changes: Readonly<Record<string, string>> = {}): Promise<Call> {
    const code = `${codeFor(sdk, client)}\nexport const call = () => ${sdk.call};\n`;
    const { call } = await this.run<{ call: Call }>(sdk.name, code, { './orders': '../orders', ...changes });
    return call;
  }

  async close(): Promise<void> {
    delete process.env['CLIENT_SECRET'];
    unsubscribe('tokenline', this.#listen);
    await Promise.all([this.identity.close(), this.api.close(), this.#folder.remove()]);
  }
}
