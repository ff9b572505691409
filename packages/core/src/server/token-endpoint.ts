import { genericTokenEndpointRequest } from 'oauth4webapi';
import { type Clock, momentOf } from '../common/clock.ts';
import { OAuthError, TokenError } from '../common/errors.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import { ownCopy } from '../common/own.ts';
import { withDeadline } from '../common/waiting.ts';
import {
  type Client,
  type Credentials,
  credentialsMayChange,
  readCredentials,
  readSecret,
} from '../credentials/client.ts';
import type { GrantParameters } from '../credentials/grant.ts';
import type { Acquirer, Demand, PreparedRequest } from '../lifecycle/acquirer.ts';
import { formOf } from '../lifecycle/token-parameters.ts';
import { Authentication, isClientRefused, type Way } from './authentication.ts';
import { Discovery } from './discovery.ts';
import { revokeToken } from './revocation.ts';
import type { Server } from './server.ts';
import type { ServerMetadata } from './server-metadata.ts';
import { readTokenResponse } from './token-response.ts';

/** What the endpoint needs of the source. */
export interface EndpointSettings {
  readonly clock: Clock;
  /** How many milliseconds one acquisition, or one revocation, may take. */
  readonly timeout: number;
  readonly assumedLifetime: number | undefined;
}

/** The token endpoint of an authorization server, asked by one client. */
export class TokenEndpoint implements Acquirer {
  readonly name: string;
  readonly #client: Client;
  readonly #server: Server;
  readonly #authentication: Authentication;
  readonly #settings: EndpointSettings;
  readonly #find: (signal: AbortSignal) => Promise<ServerMetadata>;
  /** The credentials that were presented in vain: they go when the failure is forgotten. */
  readonly #refused: WeakMap<TokenError, string> = new WeakMap();

  constructor(client: Client, server: Server, settings: EndpointSettings) {
    const { url, isIssuer, allowInsecureRequests, http } = server;
    const { href } = url;
    const mutualTls = client.authenticator?.mutualTls ?? false;
    const discovery = new Discovery({ issuer: url, allowInsecureRequests, mutualTls }, { http, ...settings });
    this.name = href;
    this.#client = client;
    this.#server = server;
    this.#authentication = new Authentication(client, server, settings.clock);
    this.#settings = settings;
    const known = ownCopy({ issuer: href, token_endpoint: href });
    this.#find = isIssuer ? (signal) => discovery.find(signal) : async () => known;
  }

  async prepare(signal: AbortSignal): Promise<PreparedRequest> {
    const credentials = await readCredentials(this.#client, signal);
    return {
      isNew: (failure) => JSON.stringify(credentials) !== this.#refused.get(failure),
      send: (demand, end) => this.#inTurn(demand, credentials, end),
    };
  }

  /** Other parameters may fare better, unless the client itself was refused or there was no answer. */
  concernsAll(error: TokenError): boolean {
    if (error instanceof OAuthError) return isClientRefused(error) || error.error === 'unauthorized_client';
    return error.code !== 'ERR_TOKEN_RESPONSE' && error.code !== 'ERR_TOKEN_REJECTED';
  }

  mayBeOutdated({ code, transient }: TokenError): boolean {
    const refused = !transient && (code === 'ERR_OAUTH_RESPONSE' || code === 'ERR_TOKEN_REQUEST');
    return refused && credentialsMayChange(this.#client);
  }

  async ended(): Promise<void> {
    await this.#client.grant.rotation?.ended();
  }

  revoke(token: string): Promise<boolean> {
    const { timeout } = this.#settings;
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `a token could not be revoked within ${timeout} ms`, { transient: true });
    return withDeadline(this.#settings, late, async (signal) => {
      const metadata = await this.#find(signal);
      const endpoint = this.#server.revocationEndpoint ?? metadata.revocation_endpoint;
      if (endpoint === undefined) return false;
      // The client itself revokes, whomever the token is for.
      const secret = await readSecret(this.#client);
      const server = ownCopy({ ...metadata, revocation_endpoint: endpoint });
      return this.#authentication.inEachWay(metadata, async (way) => {
        const presented = { authenticator: way.authenticator, secret, confidential: [token], prover: undefined };
        return revokeToken(await this.#authentication.request(presented, signal), server, token, way.remark);
      });
    });
  }

  /** Waits for its turn, where the grant's token is good for one request at a time. */
  #inTurn(demand: Demand, { secret, grant }: Credentials, signal: AbortSignal): Promise<IssuedToken> {
    const { rotation } = this.#client.grant;
    const request = (current: GrantParameters, end: AbortSignal): Promise<IssuedToken> =>
      this.#request(demand, { secret, grant: current }, end);
    return rotation?.inTurn(grant, request, this.#settings, signal) ?? request(grant, signal);
  }

  async #request(demand: Demand, credentials: Credentials, signal: AbortSignal): Promise<IssuedToken> {
    const metadata = await this.#find(signal);
    const request = (way: Way): Promise<IssuedToken> => this.#requestAs(way, demand, credentials, metadata, signal);
    return this.#authentication.inEachWay(metadata, request).catch((error: unknown) => {
      if (error instanceof TokenError && this.mayBeOutdated(error))
        this.#refused.set(error, JSON.stringify(credentials));
      throw error;
    });
  }

  async #requestAs(
    { authenticator, remark }: Way,
    { parameters, claims }: Demand,
    { secret, grant: presented }: Credentials,
    metadata: ServerMetadata,
    signal: AbortSignal,
  ): Promise<IssuedToken> {
    const { grant, prover } = this.#client;
    const { clock, assumedLifetime } = this.#settings;
    const endpoint = metadata.token_endpoint;
    // Everybody knows which types of tokens there are.
    const confidential = Object.entries(presented).flatMap(([name, value]) => (name.endsWith('_type') ? [] : value));
    const presentation = { authenticator, secret, confidential, prover };
    const request = await this.#authentication.request(presentation, signal);
    const form = new URLSearchParams(formOf(parameters));
    for (const [name, value] of Object.entries({ ...presented, ...(claims && { claims }) })) form.set(name, value);
    const start = momentOf(clock);
    const response = await request.send(endpoint, () =>
      genericTokenEndpointRequest(metadata, request.client, request.authentication, grant.type, form, request.options),
    );
    if (!response.ok) {
      const isElsewhere = [404, 405].includes(response.status);
      const advice = this.#server.isIssuer ? '' : '; check tokenEndpoint, or give issuer if this is the issuer';
      throw request.refusal(endpoint, response, 'the token request', isElsewhere ? advice : remark);
    }
    await grant.rotation?.replaced(response.body?.['refresh_token']);
    const rules = { bound: prover !== undefined, required: prover?.required ?? false, assumedLifetime };
    return readTokenResponse(response, endpoint, start, request.secrets, rules);
  }
}
