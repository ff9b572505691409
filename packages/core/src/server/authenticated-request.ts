import {
  allowInsecureRequests,
  type Client as ClientMetadata,
  type ClientAuth,
  customFetch,
  type TokenEndpointRequestOptions,
} from 'oauth4webapi';
import type { Clock } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import { type Client, preferredOf } from '../credentials/client.ts';
import { secretsOf } from '../credentials/client-secret.ts';
import { type Http, isTransient, readResponse, retryAfter, type ServerResponse } from './http.ts';
import type { ServerMetadata } from './server-metadata.ts';
import { oauthError } from './token-response.ts';

/** Shorter texts are not redacted: no credential is that short, and to cut them out would leave nothing to read. */
const shortest = 4;

/** How requests reach the server. */
export interface RequestContext {
  readonly http: Http;
  readonly clock: Clock;
}

/** A request to the authorization server in which this client authenticates. Its errors show no secret. */
export class AuthenticatedRequest {
  /** The client, its authentication and the options of each attempt, as oauth4webapi takes them. */
  readonly client: ClientMetadata;
  readonly authentication: ClientAuth;
  readonly options: TokenEndpointRequestOptions & { readonly signal: AbortSignal };
  /** Everything in the request that must not be shown. */
  readonly secrets: string[];
  readonly #clock: Clock;

  /** @param confidential - the secrets of the request beside those of the client. */
  constructor(
    { http, clock }: RequestContext,
    { token_endpoint_auth_methods_supported: offered }: ServerMetadata,
    { clientId, authenticator = preferredOf(offered) }: Client,
    secret: string,
    confidential: readonly string[],
    signal: AbortSignal,
  ) {
    this.client = { client_id: clientId };
    this.authentication = authenticator.authenticate(secret, clock);
    this.secrets = secret === '' ? [] : [...secretsOf(clientId, secret)];
    for (const text of confidential) this.#conceal(text);
    this.#clock = clock;
    this.options = {
      signal,
      // Whether plain http is allowed was decided when the endpoint was read.
      [allowInsecureRequests]: true,
      [customFetch]: (url, init) => {
        this.#conceal(init.body.get('client_assertion') ?? '');
        return http.send(url, init, signal);
      },
    };
  }

  #conceal(text: string): void {
    if (text.length >= shortest) this.secrets.push(text);
  }

  /** @throws TokenError when there is no answer, or the reason of the signal. */
  async send(endpoint: string, attempt: () => Promise<Response>): Promise<ServerResponse> {
    const { signal } = this.options;
    try {
      return await readResponse(await attempt());
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof TokenError) throw cause;
      const message = `${endpoint} could not be reached, or did not answer to the end`;
      throw new TokenError('ERR_TOKEN_REQUEST', message, { transient: true, cause, secrets: this.secrets });
    }
  }

  /** The error for an answer that is no success. */
  refusal(endpoint: string, response: ServerResponse): TokenError {
    const { status, body } = response;
    const transient = isTransient(response);
    if (!transient && typeof body?.['error'] === 'string') return oauthError(body, endpoint, status, this.secrets);
    const redirect = ': a redirect is not followed, because it would carry the credentials along';
    const remark = status < 400 ? redirect : transient ? '' : ', without an OAuth error';
    const wait = retryAfter(response, this.#clock);
    const message = `${endpoint} answered with status ${status}${remark}`;
    return new TokenError('ERR_TOKEN_REQUEST', message, { status, transient, retryAfter: wait });
  }
}
