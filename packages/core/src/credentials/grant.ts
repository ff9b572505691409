import { invalidOption } from '../common/errors.ts';
import { Opaque } from '../common/opaque.ts';
import type { TimeLimit } from '../common/waiting.ts';
import { type Credential, isCredential, readCredential } from './credential.ts';

/**
 * What a client requests its tokens with, as {@link jwtBearer}, {@link tokenExchange}, {@link refreshToken} and
 * {@link extensionGrant} make it. Opaque: only `type` is visible.
 */
export interface TokenGrant {
  /** The `grant_type` of its token requests. */
  readonly type: string;
}

/** The parameters that a grant adds to one token request. */
export type GrantParameters = Readonly<Record<string, string>>;

/** What is behind a {@link TokenGrant}. */
export interface Grant extends TokenGrant {
  /** The parameters that it sets, so that nothing else does. */
  readonly names: readonly string[];
  /** Whether it may present something else next time. */
  readonly mayChange: boolean;
  /** Reads what it presents now. Whoever calls it waits no longer than until the signal is aborted. */
  read(signal: AbortSignal): Promise<GrantParameters>;
  /** How it uses a token that each request may replace. */
  readonly rotation?: Rotation;
}

/** The order in which requests use a refresh token, which each of them may replace. */
export interface Rotation {
  /**
   * Runs a request when all before it have ended, with what is to be presented then. The request goes on to its end, or for
   * `timeout` milliseconds; `signal` only ends the wait for it.
   */
  inTurn<T>(
    read: GrantParameters,
    request: (current: GrantParameters, signal: AbortSignal) => Promise<T>,
    limit: TimeLimit,
    signal: AbortSignal,
  ): Promise<T>;
  /** Takes the refresh token of an answer. */
  replaced(refreshToken: unknown): Promise<void>;
  /** Waits until all requests in turn have ended. */
  ended(): Promise<unknown>;
}

export const grants: Opaque<Grant> = /* @__PURE__ */ new Opaque(
  'TokenGrant',
  'jwtBearer(), tokenExchange(), refreshToken() or extensionGrant()',
);

/** The client acts for itself. */
export const clientCredentials: Grant = {
  type: 'client_credentials',
  names: [],
  mayChange: false,
  read: async () => ({}),
};

// What the protocol sets by itself (RFC 6749, 7521, 8707), or what has an option of its own.
const reserved: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
  'audience',
]);

/**
 * Compares without regard to case, as some servers do.
 *
 * @throws TypeError (`ERR_INVALID_OPTION`) when a parameter of the user's would replace one of the protocol.
 */
export function assertFree(name: string, grant: readonly string[] = []): void {
  const plain = name.toLowerCase();
  if (reserved.has(plain)) throw invalidOption(`parameters must not set "${name}": there is an option for it`);
  if (grant.some((own) => own.toLowerCase() === plain))
    throw invalidOption(`parameters must not set "${name}": the grant does`);
}

/** A grant that presents these parameters. */
export function tokenGrant(
  type: string,
  parameters: Readonly<Record<string, Credential | undefined>>,
  more?: Pick<Grant, 'read' | 'rotation'>,
): TokenGrant {
  const entries = Object.entries(parameters).filter((entry): entry is [string, Credential] => entry[1] !== undefined);
  for (const [name, value] of entries) {
    assertFree(name);
    if (!isCredential(value)) throw invalidOption(`${name} must be a string that is not empty, or a function`);
  }
  const grant: Grant = {
    type,
    names: entries.map(([name]) => name),
    mayChange: entries.some(([, value]) => typeof value === 'function'),
    read: async () => {
      const values = await Promise.all(entries.map(([name, value]) => readCredential(name, value)));
      return Object.fromEntries(entries.map(([name], index) => [name, values[index] ?? '']));
    },
    ...more,
  };
  return grants.hide({ type }, grant);
}

/**
 * A grant that is specific to a server.
 *
 * @param type - the `grant_type`, usually an absolute URI.
 * @param parameters - the parameters that the grant defines. A function is called for every token request, and may be
 * asynchronous; each value is treated as a secret.
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
  return tokenGrant(type, parameters);
}
