import type { ClientAuth } from 'oauth4webapi';
import type { Clock } from '../common/clock.ts';
import { Opaque } from '../common/opaque.ts';
import type { Credential } from './credential.ts';

/** The methods that need no more than their name. `'none'` is a public client, which sends its identifier alone. */
export type ClientAuthenticationMethod = 'client_secret_post' | 'client_secret_basic' | 'client_secret_jwt' | 'none';

/**
 * How a client authenticates, as {@link privateKeyJwt}, {@link clientAssertion}, {@link clientSecretBasic},
 * {@link clientSecretJwt}, {@link tlsClientAuth} and {@link selfSignedTlsClientAuth} make it. Opaque: only `method` is visible.
 */
export interface ClientAuthentication {
  /** Its name in server metadata, such as `private_key_jwt`. */
  readonly method: string;
}

/** What is behind a {@link ClientAuthentication}. */
export interface Authenticator {
  readonly method: string;
  /** What it presents: the `clientSecret`, or an assertion that it reads anew for every token request. Otherwise it reads nothing. */
  readonly presents?: 'clientSecret' | { readonly clientAssertion: Credential };
  /** Whether it needs a connection with a client certificate, for which some servers have endpoints of their own. */
  readonly mutualTls?: boolean;
  /** Authenticates every attempt of one request; `credential` is what it presents. */
  authenticate(credential: string, clock: Clock): ClientAuth;
}

export const clientAuthentications: Opaque<Authenticator> = /* @__PURE__ */ new Opaque(
  'ClientAuthentication',
  'privateKeyJwt(), clientAssertion(), clientSecretBasic(), clientSecretJwt(), tlsClientAuth() or selfSignedTlsClientAuth()',
);

export function clientAuthentication(authenticator: Authenticator): ClientAuthentication {
  return clientAuthentications.hide({ method: authenticator.method }, authenticator);
}
