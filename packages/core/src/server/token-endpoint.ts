import { genericTokenEndpointRequest, revocationRequest } from 'oauth4webapi';
import { type Clock, momentOf } from '../common/clock.ts';
import { OAuthError, TokenError } from '../common/errors.ts';
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
import type { IssuedToken } from '../common/issued-token.ts';
import { formOf } from '../lifecycle/token-parameters.ts';
import { AuthenticatedRequest } from './authenticated-request.ts';
import { Discovery, type DiscoveryContext } from './discovery.ts';
import type { ServerResponse } from './http.ts';
import type { Server } from './server.ts';
import type { ServerMetadata } from './server-metadata.ts';
import { readTokenResponse } from './token-response.ts';

/** The token endpoint of an authorization server, asked by one client. */
export class TokenEndpoint implements Acquirer {
  readonly name: string;
  readonly #client: Client;
  readonly #context: DiscoveryContext;
  readonly #find: (signal: AbortSignal) => Promise<ServerMetadata>;
  /** The credentials that were presented last. */
  #presented: string | undefined;

  constructor(client: Client, server: Server, clock: Clock, timeout: number) {
    const { url, isIssuer, allowInsecureRequests, http } = server;
    const { href } = url;
    const context = { http, clock, timeout };
    const mutualTls = client.authenticator?.mutualTls ?? false;
    const discovery = new Discovery({ issuer: url, allowInsecureRequests, mutualTls }, context);
    this.name = href;
    this.#client = client;
    this.#context = context;
    this.#find = isIssuer ? (signal) => discovery.find(signal) : async () => ({ issuer: href, token_endpoint: href });
  }

  async prepare(signal: AbortSignal): Promise<PreparedRequest> {
    const credentials = await readCredentials(this.#client, signal);
    return {
      isNew: JSON.stringify(credentials) !== this.#presented,
      send: (demand, end) => this.#inTurn(demand, credentials, end),
    };
  }

  /** Other parameters may fare better, unless the client itself was refused or there was no answer. */
  concernsAll(error: TokenError): boolean {
    if (error instanceof OAuthError) return error.error === 'invalid_client' || error.error === 'unauthorized_client';
    return error.code !== 'ERR_TOKEN_RESPONSE' && error.code !== 'ERR_TOKEN_REJECTED';
  }

  mayBeOutdated({ code, transient }: TokenError): boolean {
    const refused = !transient && (code === 'ERR_OAUTH_RESPONSE' || code === 'ERR_TOKEN_REQUEST');
    return refused && credentialsMayChange(this.#client);
  }

  async ended(): Promise<void> {
    await this.#client.grant.rotation?.ended();
  }

  /** @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 | RFC 7009 §2} */
  revoke(token: string): Promise<void> {
    const { timeout } = this.#context;
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `a token could not be revoked within ${timeout} ms`, { transient: true });
    return withDeadline(timeout, late, async (signal) => {
      const server = await this.#find(signal);
      const endpoint = server.revocation_endpoint;
      if (endpoint === undefined) return;
      // The client itself revokes, whomever the token is for.
      const secret = await readSecret(this.#client, signal);
      const request = new AuthenticatedRequest(this.#context, server, this.#client, secret, [token], signal);
      const options = { ...request.options, additionalParameters: { token_type_hint: 'access_token' } };
      const response = await request.send(endpoint, () =>
        revocationRequest(server, request.client, request.authentication, token, options),
      );
      if (response.ok) return;
      const error = request.refusal(endpoint, response);
      // An unsupported type: the server revokes other tokens than access tokens only.
      if (!(error instanceof OAuthError && error.error === 'unsupported_token_type')) throw error;
    });
  }

  /** Waits for its turn, where the grant's token is good for one request at a time. */
  #inTurn(demand: Demand, { secret, grant }: Credentials, signal: AbortSignal): Promise<IssuedToken> {
    const { rotation } = this.#client.grant;
    const request = (current: GrantParameters, end: AbortSignal): Promise<IssuedToken> =>
      this.#request(demand, { secret, grant: current }, end);
    return rotation?.inTurn(grant, request, this.#context.timeout, signal) ?? request(grant, signal);
  }

  async #request({ parameters }: Demand, credentials: Credentials, signal: AbortSignal): Promise<IssuedToken> {
    const { secret, grant: presented } = credentials;
    const { grant, prover } = this.#client;
    const server = await this.#find(signal);
    const endpoint = server.token_endpoint;
    // Everybody knows which types of tokens there are.
    const confidential = Object.entries(presented).flatMap(([name, value]) => (name.endsWith('_type') ? [] : value));
    const request = new AuthenticatedRequest(this.#context, server, this.#client, secret, confidential, signal);
    const form = new URLSearchParams(formOf(parameters));
    for (const [name, value] of Object.entries(presented)) form.set(name, value);
    this.#presented = JSON.stringify(credentials);
    const start = momentOf(this.#context.clock);
    const options = { ...request.options, ...(prover && { DPoP: await prover.handle }) };
    const send = (): Promise<ServerResponse> =>
      request.send(endpoint, () =>
        genericTokenEndpointRequest(server, request.client, request.authentication, grant.type, form, options),
      );
    let response = await send();
    // The handle has learnt the nonce, so that the second proof holds it.
    if (prover && demandsNonce(response)) response = await send();
    if (!response.ok) throw request.refusal(endpoint, response);
    await grant.rotation?.replaced(response.body?.['refresh_token']);
    return readTokenResponse(response, endpoint, start, request.secrets, prover !== undefined);
  }
}

/** Whether the server wants another proof, with the nonce that it sends (RFC 9449 §8). */
function demandsNonce({ ok, headers, body }: ServerResponse): boolean {
  return !ok && headers.has('dpop-nonce') && body?.['error'] === 'use_dpop_nonce';
}
