import { genericTokenEndpointRequest, revocationRequest } from 'oauth4webapi';
import type { Answer } from './answer.ts';
import { AuthenticatedRequest } from './authenticated-request.ts';
import { momentOf } from '../common/clock.ts';
import {
  type Credentials,
  credentialsMayChange,
  readClientCredential,
  readCredentials,
} from '../credentials/credentials.ts';
import { createDiscovery } from './discovery.ts';
import { EndpointHealth } from '../lifecycle/endpoint-health.ts';
import { OAuthError } from '../common/errors.ts';
import type { ServerMetadata } from './server-metadata.ts';
import type { Settings } from '../source/settings.ts';
import type { GrantParameters } from '../credentials/grant.ts';
import type { TokenRequestParameters } from '../lifecycle/token-parameters.ts';
import { type Grant, readGrant } from './token-response.ts';
import { untilAborted } from '../common/until-aborted.ts';

/** The token endpoint as one client knows it: how to ask it for a token, and whether that is worth while now. */
export class TokenEndpoint {
  readonly health: EndpointHealth;
  readonly #settings: Settings;
  readonly #discover: (signal: AbortSignal) => Promise<ServerMetadata>;
  #used: string | undefined;

  constructor(settings: Settings) {
    this.health = new EndpointHealth(settings);
    this.#settings = settings;
    this.#discover = createDiscovery(settings);
  }

  /** Whether the secret, or what the grant presents, may have changed since it was last used: a refusal need not be the last word. */
  get credentialsMayChange(): boolean {
    return credentialsMayChange(this.#settings);
  }

  areNew(credentials: Credentials): boolean {
    return JSON.stringify(credentials) !== this.#used;
  }

  readCredentials(signal: AbortSignal): Promise<Credentials> {
    return readCredentials(this.#settings, signal);
  }

  /**
   * Asks for a token.
   *
   * @throws TokenError, or the reason of the signal.
   */
  async request(parameters: TokenRequestParameters, credentials: Credentials, signal: AbortSignal): Promise<Grant> {
    const { grant, timeout } = this.#settings;
    const request = (presented: GrantParameters, end: AbortSignal): Promise<Grant> =>
      this.#request(parameters, { ...credentials, grant: presented }, end);
    if (grant.rotation === undefined) return request(credentials.grant, signal);
    return grant.rotation.inTurn(credentials.grant, request, timeout, signal);
  }

  async #request(parameters: TokenRequestParameters, credentials: Credentials, signal: AbortSignal): Promise<Grant> {
    const { clock, grant, proofKey } = this.#settings;
    const server = await untilAborted(this.#discover(signal), signal);
    const endpoint = server.token_endpoint;
    const request = new AuthenticatedRequest(this.#settings, server, credentials, signal);
    const { client, authentication, secrets } = request;
    const body = new URLSearchParams(parameters.entries.map(([name, value]) => [name, value]));
    for (const [name, value] of Object.entries(credentials.grant)) body.set(name, value);
    this.#used = JSON.stringify(credentials);
    const start = momentOf(clock);
    const options = { ...request.options, ...(proofKey && { DPoP: await proofKey.handle }) };
    const send = (): Promise<Answer> =>
      request.send(endpoint, () =>
        genericTokenEndpointRequest(server, client, authentication, grant.type, body, options),
      );
    let answer = await send();
    // The handle has learnt the nonce, and the second proof holds it.
    if (proofKey?.isAskedAgain(answer)) answer = await send();
    if (!answer.ok) throw request.refusal(endpoint, answer);
    await grant.rotation?.replaced(answer.body?.['refresh_token']);
    return readGrant(answer, endpoint, start, secrets, proofKey !== undefined);
  }

  /**
   * Makes a token worthless, where the server knows how to.
   *
   * @throws TokenError, or the reason of the signal.
   * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 | RFC 7009 §2}
   */
  async revoke(token: string, signal: AbortSignal): Promise<void> {
    const server = await untilAborted(this.#discover(signal), signal);
    const endpoint = server.revocation_endpoint;
    if (endpoint === undefined) return;
    // Who revokes is the client itself, whomever the token is for.
    const credentials = { client: await readClientCredential(this.#settings, signal), grant: { token } };
    const request = new AuthenticatedRequest(this.#settings, server, credentials, signal);
    const { client, authentication, options } = request;
    const answer = await request.send(endpoint, () =>
      revocationRequest(server, client, authentication, token, {
        ...options,
        additionalParameters: { token_type_hint: 'access_token' },
      }),
    );
    if (answer.ok) return;
    const error = request.refusal(endpoint, answer);
    // It knows how to revoke other tokens than access tokens only.
    if (error instanceof OAuthError && error.error === 'unsupported_token_type') return;
    throw error;
  }
}
