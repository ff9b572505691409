import { genericTokenEndpointRequest, revocationRequest } from 'oauth4webapi';
import { AuthenticatedRequest } from './authenticated-request.ts';
import { momentOf } from './clock.ts';
import { type Credentials, credentialsMayChange, readClientCredential, readCredentials } from './credentials.ts';
import { withDeadline } from './deadline.ts';
import { createDiscovery } from './discovery.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { OAuthError, TokenError } from './errors.ts';
import { parseObject } from './json-object.ts';
import type { ServerMetadata } from './server-metadata.ts';
import type { Settings } from './settings.ts';
import type { TokenRequestParameters } from './token-parameters.ts';
import { type Grant, readGrant } from './token-response.ts';
import { untilAborted } from './until-aborted.ts';

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
    if (grant.rotation === undefined) return this.#request(parameters, credentials, signal);
    const late = (): TokenError =>
      new TokenError('ERR_TOKEN_TIMEOUT', `no answer to a refresh token within ${timeout} ms`, { transient: true });
    // Its answer may hold the only refresh token that is still good: it is read, whoever waits for it.
    const request = (current: Credentials['grant']): Promise<Grant> =>
      withDeadline(timeout, late, (deadline) =>
        this.#request(parameters, { ...credentials, grant: current }, deadline),
      );
    return untilAborted(grant.rotation.inTurn(credentials.grant, request, signal), signal);
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
    const send = (): Promise<Response> =>
      request.send(endpoint, () =>
        genericTokenEndpointRequest(server, client, authentication, grant.type, body, options),
      );
    let response = await send();
    // The handle has learnt the nonce, and the second proof holds it.
    if (proofKey && (await asksForNonce(response))) response = await send();
    if (!response.ok) throw await request.refusal(endpoint, response);
    await grant.rotation?.replaced(parseObject(await response.clone().text())?.['refresh_token']);
    return readGrant(response, endpoint, start, secrets, proofKey !== undefined);
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
    const response = await request.send(endpoint, () =>
      revocationRequest(server, client, authentication, token, {
        ...options,
        additionalParameters: { token_type_hint: 'access_token' },
      }),
    );
    if (response.ok) return;
    const error = await request.refusal(endpoint, response);
    // It knows how to revoke other tokens than access tokens only.
    if (error instanceof OAuthError && error.error === 'unsupported_token_type') return;
    throw error;
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449.html#section-8 | RFC 9449 §8} */
async function asksForNonce(response: Response): Promise<boolean> {
  if (response.ok || !response.headers.has('dpop-nonce')) return false;
  return parseObject(await response.clone().text())?.['error'] === 'use_dpop_nonce';
}
