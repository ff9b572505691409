import { allowInsecureRequests, type Client, type ClientAuth, customFetch } from 'oauth4webapi';
import { type Answer, readAnswer } from './answer.ts';
import { preferredOf } from '../credentials/authentication-choice.ts';
import { secretsOf } from '../credentials/client-secret.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { TokenError } from '../common/errors.ts';
import { exchange } from './http.ts';
import { retryAfter } from './retry-after.ts';
import type { ServerMetadata } from './server-metadata.ts';
import type { Settings } from '../source/settings.ts';
import { oauthError } from './token-response.ts';

// No credential is shorter, and to cut out what is would leave nothing to read.
const shortest = 4;

/** What every attempt of a request has in common: for oauth4webapi. */
interface RequestOptions {
  readonly signal: AbortSignal;
  readonly [allowInsecureRequests]: true;
  readonly [customFetch]: (url: string, init: RequestInit) => Promise<Response>;
}

/** A request to the authorization server by which this client proves who it is. What goes wrong with it tells no secret. */
export class AuthenticatedRequest {
  readonly client: Client;
  readonly authentication: ClientAuth;
  readonly options: RequestOptions;
  /** All that it presents. */
  readonly secrets: string[];
  readonly #settings: Settings;

  constructor(settings: Settings, server: ServerMetadata, { client, grant }: Credentials, signal: AbortSignal) {
    const { clientId, clientAuthentication, clock } = settings;
    const authenticator = clientAuthentication ?? preferredOf(server.token_endpoint_auth_methods_supported);
    this.client = { client_id: clientId };
    this.authentication = authenticator.authenticate(client, clock);
    this.secrets = client === '' ? [] : [...secretsOf(clientId, client)];
    // Which types of tokens there are is known to all.
    for (const [name, value] of Object.entries(grant)) if (!name.endsWith('_type')) this.#conceal(value);
    this.#settings = settings;
    this.options = {
      signal,
      // Whether plain http is allowed was decided when the endpoint was read.
      [allowInsecureRequests]: true,
      [customFetch]: (url, init) => {
        this.#conceal((init.body as URLSearchParams).get('client_assertion') ?? '');
        return exchange(settings, url, init, signal);
      },
    };
  }

  #conceal(value: string): void {
    if (value.length >= shortest) this.secrets.push(value);
  }

  /** @throws TokenError when there is no answer, or the reason of the signal. */
  async send(endpoint: string, attempt: () => Promise<Response>): Promise<Answer> {
    const { signal } = this.options;
    try {
      return await readAnswer(await attempt());
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof TokenError) throw cause;
      throw new TokenError('ERR_TOKEN_REQUEST', `${endpoint} could not be reached, or did not answer to the end`, {
        transient: true,
        cause,
        secrets: this.secrets,
      });
    }
  }

  /** What an answer that is no success says. */
  refusal(endpoint: string, answer: Answer): TokenError {
    const { status, body } = answer;
    const transient = status >= 500 || status === 429 || status === 408;
    if (!transient && typeof body?.['error'] === 'string') return oauthError(body, endpoint, status, this.secrets);
    const redirect = ': a redirect is not followed, because it would carry the credentials along';
    const remark = status < 400 ? redirect : transient ? '' : ', without an OAuth error';
    return new TokenError('ERR_TOKEN_REQUEST', `${endpoint} answered with status ${status}${remark}`, {
      status,
      transient,
      retryAfter: retryAfter(answer, this.#settings.clock),
    });
  }
}
