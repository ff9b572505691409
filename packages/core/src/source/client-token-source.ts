import type { AccessToken } from '../common/access-token.ts';
import { Client } from './client.ts';
import { invalidOption } from '../common/errors.ts';
import type { GetTokenOptions, TokenParameters, TokenSourceOptions } from './options.ts';
import { readOptions } from './settings.ts';
import { readTokenParameters, type TokenRequestParameters } from '../lifecycle/token-parameters.ts';
import { type ClientTokenSource, internals, type SourceInternals } from './token-source.ts';

/**
 * Creates a source of access tokens for this client, using the client credentials grant unless `grant` is another.
 *
 * Nothing is sent until the first {@link TokenSource.getToken | getToken()}. From then on the source keeps one token: callers that
 * arrive together share one token request, an ageing token is renewed in the background while it is still handed out, and
 * a failed renewal is reported only to callers who no longer have a usable token.
 *
 * @example
 * ```ts
 * const source = createTokenSource({
 *   issuer: 'https://login.example.com',
 *   clientId: 'orders',
 *   clientSecret: process.env.CLIENT_SECRET,
 *   scope: 'orders.read orders.write',
 * });
 * const { value } = await source.getToken();
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is missing or contradicts another; thrown here, not by `getToken()`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 | RFC 6749 §4.4}
 */
export function createTokenSource(options: TokenSourceOptions): ClientTokenSource {
  const client = new Client(readOptions(options));
  const { scope, resource, audience, parameters } = options;
  return new CachedTokenSource(client, { scope, resource, audience, parameters }, true);
}

// Not every runtime has it.
const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

class CachedTokenSource implements ClientTokenSource {
  readonly #client: Client;
  readonly #options: TokenParameters;
  readonly #parameters: TokenRequestParameters;
  /** Whether the client is this source's own, and not that of the source which made it. */
  readonly #owner: boolean;

  constructor(client: Client, options: TokenParameters, owner: boolean) {
    this.#client = client;
    this.#parameters = readTokenParameters(options, client.settings.grant.names);
    // Read once: the lists in it are the caller's.
    this.#options = structuredClone(options);
    this.#owner = owner;
  }

  getToken(options?: GetTokenOptions): Promise<AccessToken> {
    return this.#client.cache.lifecycle(this.#parameters).getToken(options);
  }

  with(parameters: TokenParameters): ClientTokenSource {
    if (typeof parameters !== 'object' || parameters === null)
      throw invalidOption('with() takes an object of parameters');
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const unknown = given.find(([name]) => !Object.hasOwn(this.#options, name));
    if (unknown !== undefined) {
      throw invalidOption(`with() takes ${Object.keys(this.#options).join(', ')}; there is no "${unknown[0]}"`);
    }
    return new CachedTokenSource(this.#client, { ...this.#options, ...Object.fromEntries(given) }, false);
  }

  revoke(): Promise<void> {
    return this.#client.revoke(this.#owner ? undefined : this.#parameters);
  }

  async [asyncDispose](): Promise<void> {
    if (this.#owner) return this.#client.close();
    this.#client.cache.forget(this.#parameters);
  }

  get allowInsecureRequests(): boolean {
    return this.#client.settings.allowInsecureRequests;
  }

  get [internals](): SourceInternals {
    const { events, ownUrls, proofKey } = this.#client.settings;
    return { emit: (details) => events.emit(this.#parameters.scope, details), ownUrls, proofKey };
  }
}
