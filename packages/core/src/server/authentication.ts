import type { Clock } from '../common/clock.ts';
import { OAuthError, TokenError, tokenErrorOf } from '../common/errors.ts';
import { type Client, waysToPresent } from '../credentials/client.ts';
import type { Authenticator } from '../credentials/client-authentication.ts';
import { readCredential } from '../credentials/credential.ts';
import { AuthenticatedRequest, type Presented } from './authenticated-request.ts';
import type { Server } from './server.ts';
import type { ServerMetadata } from './server-metadata.ts';
import { printable } from './server-words.ts';

/** A way to authenticate, and what an error adds when it was not the right one. */
export interface Way {
  readonly authenticator: Authenticator;
  readonly remark: string;
}

/** How the client authenticates at this server, and what was learnt of that. */
export class Authentication {
  readonly #client: Client;
  readonly #server: Server;
  readonly #clock: Clock;
  /** The way that worked, where the options do not say one. */
  #worked: Authenticator | undefined;

  constructor(client: Client, server: Server, clock: Clock) {
    this.#client = client;
    this.#server = server;
    this.#clock = clock;
  }

  /** The ways to authenticate, in the order in which they are tried. */
  #waysOf({ token_endpoint_auth_methods_supported: offered }: ServerMetadata): [Authenticator, ...Authenticator[]] {
    const known = this.#client.authenticator ?? this.#worked;
    return known ? [known] : waysToPresent(offered);
  }

  /**
   * Makes an attempt, and another one in the other way where the server refuses the client and nobody said the way.
   *
   * @throws the first failure: what follows it may only be due to the wrong way.
   */
  async inEachWay<T>(metadata: ServerMetadata, attempt: (way: Way) => Promise<T>): Promise<T> {
    const [first, other] = this.#waysOf(metadata);
    const offered = metadata.token_endpoint_auth_methods_supported?.join(', ');
    const tried = [first, ...(other ? [other] : [])].map(({ method }) => method).join(' and ');
    const offer = offered ? `; the server offers ${printable(offered, [], 200)}` : '';
    const remark = this.#client.authenticator ? '' : `; tried ${tried}${offer}`;
    const make = async (authenticator: Authenticator): Promise<T> => {
      const result = await attempt({ authenticator, remark });
      this.#worked = authenticator;
      return result;
    };
    try {
      return await make(first);
    } catch (error) {
      if (other === undefined || !isClientRefused(tokenErrorOf(error))) throw error;
      return make(other).catch(() => {
        throw error;
      });
    }
  }

  async request(
    presented: Omit<Presented, 'clientId' | 'headers'>,
    signal: AbortSignal,
  ): Promise<AuthenticatedRequest> {
    const { http, headers } = this.#server;
    const read = headers.map(async ([name, credential]) => {
      const value = await readCredential(`headers.${name}`, credential);
      if (/^[\t\x20-\x7e]+$/.test(value)) return [name, value];
      throw new TokenError('ERR_TOKEN_REQUEST', `headers.${name} has characters that no header can carry`);
    });
    const { clientId } = this.#client;
    const more = Object.fromEntries(await Promise.all(read)) as Record<string, string>;
    return new AuthenticatedRequest(http, this.#clock, { ...presented, clientId, headers: more }, signal);
  }
}

/** Whether the server refused the client: by `invalid_client`, or by a status that says so. Servers differ on the error. */
export function isClientRefused(error: TokenError | undefined): boolean {
  if (error instanceof OAuthError) return error.error === 'invalid_client' || error.status === 401;
  return error?.code === 'ERR_TOKEN_REQUEST' && (error.status === 401 || error.status === 403);
}
