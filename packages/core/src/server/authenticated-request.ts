import {
  allowInsecureRequests,
  type Client as ClientMetadata,
  type ClientAuth,
  customFetch,
  type TokenEndpointRequestOptions,
} from 'oauth4webapi';
import type { Clock } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import { ownCopy } from '../common/own.ts';
import type { Authenticator } from '../credentials/client-authentication.ts';
import { secretsOf } from '../credentials/client-secret.ts';
import type { Prover } from '../credentials/prover.ts';
import { type Http, isTransient, mayComeBack, readResponse, retryAfter, type ServerResponse } from './http.ts';
import { wordsOf } from './server-words.ts';
import { oauthError } from './token-response.ts';

/** Shorter texts are not redacted: no credential is that short, and to cut them out would leave nothing to read. */
const shortest = 4;

/** What a request presents. */
export interface Presented {
  readonly clientId: string | undefined;
  readonly authenticator: Authenticator;
  readonly secret: string;
  /** The secrets of the request beside that of the client. */
  readonly confidential: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** What makes a proof of possession, where the request holds one. */
  readonly prover: Prover | undefined;
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
  readonly #prover: Prover | undefined;
  #proof: string | undefined;
  /** What may be wrong with the secret. */
  readonly #flaw: string;

  constructor(http: Http, clock: Clock, presented: Presented, signal: AbortSignal) {
    const { clientId, authenticator, secret, confidential, headers, prover } = presented;
    // oauth4webapi wants an identifier even where none is sent.
    this.client = ownCopy({ client_id: clientId ?? 'none' });
    this.authentication = authenticator.authenticate(secret, clock);
    this.secrets = secret === '' ? [] : [...secretsOf(clientId, secret)];
    for (const text of [...confidential, ...Object.values(headers)]) this.#conceal(text);
    this.#clock = clock;
    this.#prover = prover;
    this.#flaw = /[\r\n]$/.test(secret) ? '; the secret ends in a line break' : '';
    this.options = {
      signal,
      // Older workerd has no `toStringTag`, by which oauth4webapi tells an object from a `Headers`.
      headers: new Headers(headers),
      // Whether plain http is allowed was decided when the endpoint was read.
      [allowInsecureRequests]: true,
      [customFetch]: (url, init) => {
        this.#conceal(init.body.get('client_assertion') ?? '');
        return http.send(
          url,
          { ...init, headers: { ...init.headers, ...(this.#proof && { dpop: this.#proof }) } },
          signal,
        );
      },
    };
  }

  #conceal(text: string): void {
    if (text.length >= shortest) this.secrets.push(text);
  }

  /**
   * Sends the request; once more where the server demands a proof with its nonce (RFC 9449 §8).
   *
   * @throws TokenError when there is no answer, or the reason of the signal.
   */
  async send(endpoint: string, attempt: () => Promise<Response>): Promise<ServerResponse> {
    const response = await this.#attempt(endpoint, attempt);
    return this.#prover && demandsNonce(response) ? this.#attempt(endpoint, attempt) : response;
  }

  async #attempt(endpoint: string, attempt: () => Promise<Response>): Promise<ServerResponse> {
    const { signal } = this.options;
    this.#proof = await this.#prover?.prove('POST', endpoint);
    this.#conceal(this.#proof ?? '');
    try {
      const response = await readResponse(await attempt());
      const nonce = response.headers.get('dpop-nonce');
      if (nonce) this.#prover?.learn(endpoint, nonce, true);
      return response;
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof TokenError) throw cause;
      const message = `${endpoint} could not be reached, or did not answer to the end`;
      throw new TokenError('ERR_TOKEN_REQUEST', message, {
        transient: mayComeBack(cause),
        cause,
        secrets: this.secrets,
      });
    }
  }

  /** The error for an answer that is no success. `what` was refused; `more` is added where the client itself was, or the endpoint is another. */
  refusal(endpoint: string, response: ServerResponse, what: string, more = ''): TokenError {
    const remark = `${more}${this.#flaw}`;
    const { status, body } = response;
    const transient = isTransient(response);
    const { secrets } = this;
    if (!transient && typeof body?.['error'] === 'string' && body['error'] !== '')
      return oauthError(
        body,
        `${endpoint} refused ${what}`,
        status,
        secrets,
        body['error'] === 'invalid_client' || status === 401 ? remark : '',
      );
    const redirect = ': a redirect is not followed, because it would carry the credentials along';
    const kind = status < 400 ? redirect : transient ? '' : ', without an OAuth error';
    const words = status < 400 ? undefined : wordsOf(response, secrets);
    const said = words ? ` (${words})` : '';
    const wait = transient ? retryAfter(response, this.#clock) : undefined;
    const message = `${endpoint} answered with status ${status}${kind}${said}${[401, 403, 404, 405].includes(status) ? remark : ''}`;
    return new TokenError('ERR_TOKEN_REQUEST', message, { status, transient, retryAfter: wait });
  }
}

function demandsNonce({ ok, headers, body }: ServerResponse): boolean {
  return !ok && headers.has('dpop-nonce') && body?.['error'] === 'use_dpop_nonce';
}
