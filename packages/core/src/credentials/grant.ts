import { type Credential, isCredential, readCredential } from './credential.ts';
import { invalidOption } from '../common/errors.ts';
import { readMade } from '../common/option-value.ts';
import { assertFree } from '../common/protocol-parameters.ts';

/**
 * What a client asks for its tokens with, as {@link jwtBearer}, {@link tokenExchange}, {@link refreshToken} and
 * {@link extensionGrant} make it; client credentials where there is none. It shows nothing but its type.
 */
export interface TokenGrant {
  /** The `grant_type` of its token requests. */
  readonly type: string;
}

/** What a grant adds to one token request. */
export type GrantParameters = Readonly<Record<string, string>>;

/** What stands behind a {@link TokenGrant}. Its tokens are in its functions, where no log finds them. */
export interface ReadableGrant extends TokenGrant {
  /** The parameters that it sets, so that nothing else does. */
  readonly names: readonly string[];
  /** Whether what it presents may be another next time. */
  readonly mayChange: boolean;
  /** Reads what it presents now. */
  read(signal: AbortSignal): Promise<GrantParameters>;
  /** How it deals with tokens that are good for one request. */
  readonly rotation?: Rotation;
}

/** The order in which requests use credentials that each request may replace. */
export interface Rotation {
  /**
   * Runs a request when all before it have ended, with what is to be presented then, and on to its end or for `timeout`
   * milliseconds: `signal` only ends the wait for it.
   */
  inTurn<T>(
    read: GrantParameters,
    request: (current: GrantParameters, signal: AbortSignal) => Promise<T>,
    timeout: number,
    signal: AbortSignal,
  ): Promise<T>;
  /** Takes what the server wants to be presented next. */
  replaced(refreshToken: unknown): Promise<void>;
  /** Waits until all that are in turn have ended. */
  ended(): Promise<unknown>;
}

/** A grant that presents these parameters, each read by itself. */
export function grantOf(type: string, parameters: Readonly<Record<string, Credential | undefined>>): ReadableGrant {
  const entries = Object.entries(parameters).filter((entry): entry is [string, Credential] => entry[1] !== undefined);
  for (const [name, value] of entries) {
    assertFree(name);
    if (!isCredential(value)) throw invalidOption(`${name} must be a string that is not empty, or a function`);
  }
  return {
    type,
    names: entries.map(([name]) => name),
    mayChange: entries.some(([, value]) => typeof value === 'function'),
    read: async (signal) =>
      Object.fromEntries(
        await Promise.all(
          entries.map(async ([name, value]) => [name, await readCredential(name, value, signal)] as const),
        ),
      ),
  };
}

/** The client acts for itself. */
const clientCredentials: ReadableGrant = {
  type: 'client_credentials',
  names: [],
  mayChange: false,
  read: async () => ({}),
};

/** @throws TypeError (`ERR_INVALID_OPTION`) when it is no grant, or one whose tokens nobody may share. */
export function readTokenGrant(grant: TokenGrant | undefined, stored: boolean): ReadableGrant {
  if (grant === undefined) return clientCredentials;
  readMade('grant', grant, 'read', 'jwtBearer(), tokenExchange(), refreshToken() or extensionGrant() gives');
  // A stored token does not tell whose it is: another process would have it for another subject.
  if (stored) throw invalidOption('store is for client credentials, not for a grant');
  return grant as ReadableGrant;
}

/**
 * A grant of the server's own.
 *
 * @param type - the `grant_type`, an absolute URI as a rule.
 * @param parameters - what the grant defines. A function is called, and may be asynchronous, at every token request; each
 * value is treated as a secret.
 * @example
 * ```ts
 * createTokenSource({ ...client, grant: extensionGrant('urn:example:delegation', { token: () => readToken() }) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when a parameter is malformed, or would replace one of the protocol.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.5 | RFC 6749 §4.5}
 */
export function extensionGrant(type: string, parameters: Readonly<Record<string, Credential>> = {}): TokenGrant {
  if (typeof type !== 'string' || type === '') throw invalidOption('extensionGrant takes the grant_type as a string');
  if (Object.prototype.toString.call(parameters) !== '[object Object]')
    throw invalidOption('the parameters of extensionGrant must be an object of names and values');
  return grantOf(type, parameters);
}
