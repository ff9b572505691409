import { allowInsecureRequests, customFetch, genericTokenEndpointRequest } from 'oauth4webapi';
import { authenticate, spellings } from './client-authentication.ts';
import { momentOf } from './clock.ts';
import { createDiscovery, type ServerMetadata } from './discovery.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { TokenError } from './errors.ts';
import { exchange } from './exchange.ts';
import { retryAfter } from './retry-after.ts';
import type { Settings } from './settings.ts';
import type { TokenRequestParameters } from './token-parameters.ts';
import { type Grant, oauthError, parseObject, readGrant } from './token-response.ts';
import { untilAborted } from './until-aborted.ts';

/** The token endpoint as one client knows it: how to ask it for a token, and whether that is worth while now. */
export class TokenEndpoint {
  readonly health: EndpointHealth;
  readonly #settings: Settings;
  readonly #discover: () => Promise<ServerMetadata>;
  #secretUsed: string | undefined;

  constructor(settings: Settings) {
    this.health = new EndpointHealth(settings);
    this.#settings = settings;
    this.#discover = createDiscovery(settings);
  }

  /** Whether the secret may have changed since it was last used, so that a refusal need not be the last word. */
  get secretMayChange(): boolean {
    return typeof this.#settings.clientSecret === 'function';
  }

  isNewSecret(secret: string): boolean {
    return secret !== this.#secretUsed;
  }

  async readSecret(signal: AbortSignal): Promise<string> {
    const { clientSecret } = this.#settings;
    if (typeof clientSecret === 'string') return clientSecret;
    const secret: unknown = await untilAborted((async () => clientSecret())(), signal).catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason;
      throw new TokenError('ERR_TOKEN_REQUEST', 'the clientSecret function failed', { transient: true, cause });
    });
    if (typeof secret === 'string' && secret !== '') return secret;
    throw new TokenError('ERR_TOKEN_REQUEST', 'the clientSecret function must return a string that is not empty');
  }

  /**
   * Asks for a token with the client credentials grant.
   *
   * @throws TokenError, or the reason of the signal.
   * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 | RFC 6749 §4.4}
   */
  async request(parameters: TokenRequestParameters, secret: string, signal: AbortSignal): Promise<Grant> {
    const { clientId, clientAuthentication, clock, proofKey } = this.#settings;
    const server = await untilAborted(this.#discover(), signal);
    const endpoint = server.token_endpoint;
    const client = { client_id: clientId };
    const secrets = spellings(clientId, secret);
    const body = new URLSearchParams(parameters.entries.map(([name, value]) => [name, value]));
    this.#secretUsed = secret;
    const start = momentOf(clock);
    const options = {
      signal,
      // Whether plain http is allowed was decided when the endpoint was read.
      [allowInsecureRequests]: true,
      [customFetch]: (url: string, init: RequestInit) => exchange(this.#settings, url, init, signal),
      ...(proofKey && { DPoP: await proofKey.handle }),
    };
    const send = (): Promise<Response> =>
      genericTokenEndpointRequest(
        server,
        client,
        authenticate(secret, clientAuthentication, server),
        'client_credentials',
        body,
        options,
      ).catch((cause: unknown) => {
        if (signal.aborted) throw signal.reason;
        throw new TokenError('ERR_TOKEN_REQUEST', `${endpoint} could not be reached, or did not answer to the end`, {
          transient: true,
          cause,
          secrets,
        });
      });
    let response = await send();
    // The handle has learnt the nonce, and the second proof holds it.
    if (proofKey && (await asksForNonce(response))) response = await send();
    if (response.ok) return readGrant(response, server, client, start, secrets, proofKey !== undefined);
    throw await this.#refusal(response, endpoint, secrets);
  }

  async #refusal(response: Response, endpoint: string, secrets: readonly string[]): Promise<TokenError> {
    const { status } = response;
    const transient = status >= 500 || status === 429 || status === 408;
    const body = parseObject(await response.text());
    if (!transient && typeof body?.['error'] === 'string') return oauthError(body, endpoint, status, secrets);
    const redirect = ': a redirect is not followed, because it would carry the credentials along';
    const remark = status < 400 ? redirect : transient ? '' : ', without an OAuth error';
    return new TokenError('ERR_TOKEN_REQUEST', `${endpoint} answered with status ${status}${remark}`, {
      status,
      transient,
      retryAfter: retryAfter(response, this.#settings.clock),
    });
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449.html#section-8 | RFC 9449 §8} */
async function asksForNonce(response: Response): Promise<boolean> {
  if (response.ok || !response.headers.has('dpop-nonce')) return false;
  return parseObject(await response.clone().text())?.['error'] === 'use_dpop_nonce';
}
