import type { Clock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';
import {
  type Authenticator,
  type ClientAuthentication,
  type ClientAuthenticationMethod,
  clientAuthentications,
} from './client-authentication.ts';
import { secretBasic, secretJwt, secretPost } from './client-secret.ts';
import { type Credential, isCredential, readCredential } from './credential.ts';
import { clientCredentials, type Grant, type GrantParameters, grants, type TokenGrant } from './grant.ts';
import { none } from './mutual-tls.ts';
import { type ProofKey, proofKeys, type Prover } from './prover.ts';

/** Who the client is, and for whom it acts. */
export interface ClientOptions {
  /**
   * The client identifier. Required, unless {@link grant} says all that the server wants to know: then no `client_id` is sent,
   * and the client does not authenticate.
   */
  readonly clientId?: string | undefined;
  /**
   * The client secret, unless {@link clientAuthentication} needs none. Pass a function for a secret that rotates: a changed
   * secret is used at once, even after a refusal.
   * @defaultValue none
   */
  readonly clientSecret?: Credential | undefined;
  /**
   * How the client authenticates: the name of a method, or what {@link privateKeyJwt} and its like return.
   * @defaultValue the first that the metadata offers of `'client_secret_post'`, `'client_secret_basic'` and
   * `'client_secret_jwt'`. When the server refuses the client, the other of the first two is tried once (unless the metadata
   * rules it out), and the one that worked is used from then on.
   */
  readonly clientAuthentication?: ClientAuthenticationMethod | ClientAuthentication | undefined;
  /**
   * The grant: {@link jwtBearer}, {@link tokenExchange}, {@link refreshToken} or {@link extensionGrant}.
   * @defaultValue client credentials: the client acts for itself
   */
  readonly grant?: TokenGrant | undefined;
  /**
   * Binds the tokens to a key (RFC 9449), so that nobody else can use them: `proofKey()`, or {@link proofKey} with a key
   * pair of your own.
   * @defaultValue bearer tokens
   */
  readonly dpop?: ProofKey | undefined;
}

export const clientOptionNames: readonly (keyof ClientOptions)[] = [
  'clientId',
  'clientSecret',
  'clientAuthentication',
  'grant',
  'dpop',
];

/** {@link ClientOptions} that have been checked. */
export interface Client {
  readonly clientId: string | undefined;
  readonly secret: Credential | undefined;
  /** `undefined` where the server's metadata is to decide. */
  readonly authenticator: Authenticator | undefined;
  readonly grant: Grant;
  readonly prover: Prover | undefined;
}

/** What a token request presents, read anew for each of them. */
export interface Credentials {
  /** The secret or the assertion; empty where the client has none to read. */
  readonly secret: string;
  readonly grant: GrantParameters;
}

/** A client that the server need not know: not even its identifier is sent. */
const anonymous: Authenticator = { method: 'none', authenticate: () => () => {} };

// The ways to present a secret come first, in the order of preference.
const named = [secretPost, secretBasic(), secretJwt(), none];

/** @throws TypeError (`ERR_INVALID_OPTION`) naming the option that is missing, malformed or one too many. */
export function readClient(options: ClientOptions, clock: Clock): Client {
  const { clientId, clientSecret: secret, clientAuthentication: way } = options;
  const grant = grants.read('grant', options.grant) ?? clientCredentials;
  const prover = proofKeys.read('dpop', options.dpop)?.prover(clock);
  if (clientId === undefined && grant !== clientCredentials && secret === undefined && (way ?? 'none') === 'none')
    return { clientId, secret, authenticator: anonymous, grant, prover };
  if (typeof clientId !== 'string' || clientId === '')
    throw invalidOption('clientId is required: the identifier of this client');
  const authenticator = named.find(({ method }) => method === way) ?? clientAuthentications.behind(way);
  if (way !== undefined && authenticator === undefined) {
    const methods = named.map(({ method }) => `'${method}'`).join(', ');
    throw invalidOption(
      `clientAuthentication must be one of ${methods}, or what ${clientAuthentications.makers} returns`,
    );
  }
  const method = authenticator?.method;
  if (authenticator !== undefined && authenticator.presents !== 'clientSecret') {
    if (secret !== undefined)
      throw invalidOption(`clientSecret has no use with the clientAuthentication ${method}: give one of them`);
  } else if (!isCredential(secret)) {
    throw invalidOption(
      `clientSecret is required${method === undefined ? '' : ` for ${method}`}: a string that is not empty, or a function that returns it; or give a clientAuthentication that needs none, such as privateKeyJwt({ key })`,
    );
  }
  return { clientId, secret, authenticator, grant, prover };
}

/**
 * The ways to present a secret, in the order in which they are tried, where the options do not say. Metadata without a list
 * rules nothing out: by RFC 8414 it means Basic, but servers exist that take the form only.
 */
export function waysToPresent(offered: readonly string[] | undefined): [Authenticator, ...Authenticator[]] {
  const ways = named.filter(
    ({ method, presents }) => presents && (offered?.includes(method) ?? method !== 'client_secret_jwt'),
  );
  const [first = secretPost] = ways;
  return [first, ...ways.filter((way) => way !== first && way.method !== 'client_secret_jwt')];
}

/** Reads the client's own credential. @throws TokenError when a function of the user's fails. */
export async function readSecret(client: Client): Promise<string> {
  const credential = secretOf(client);
  return credential === undefined ? '' : readCredential(...credential);
}

/** Reads all credentials. @throws TokenError when a function of the user's fails. */
export async function readCredentials(client: Client, signal: AbortSignal): Promise<Credentials> {
  return { secret: await readSecret(client), grant: await client.grant.read(signal) };
}

/** Whether the credentials may be others when they are read again. */
export function credentialsMayChange(client: Client): boolean {
  return client.grant.mayChange || typeof secretOf(client)?.[1] === 'function';
}

function secretOf({ authenticator, secret }: Client): [name: string, Credential] | undefined {
  const presents = authenticator?.presents;
  if (typeof presents === 'object') return ['clientAssertion', presents.clientAssertion];
  return secret === undefined ? undefined : ['clientSecret', secret];
}
