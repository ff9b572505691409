import type { ClientAuth } from 'oauth4webapi';
import type { Clock } from '../common/clock.ts';
import type { Credential } from './credential.ts';

/** The ways to authenticate that need no more than their name. `'none'` is a public client, which only says who it is. */
export type ClientAuthenticationMethod = 'client_secret_post' | 'client_secret_basic' | 'client_secret_jwt' | 'none';

/**
 * How a client proves who it is, as {@link privateKeyJwt}, {@link clientAssertion}, {@link clientSecretBasic},
 * {@link clientSecretJwt}, {@link tlsClientAuth} and {@link selfSignedTlsClientAuth} make it. It shows nothing but its name.
 */
export interface ClientAuthentication {
  /** Its name in server metadata, such as `private_key_jwt`. */
  readonly method: string;
}

/** What stands behind a {@link ClientAuthentication}. Keys and secrets are in its functions, where no log finds them. */
export interface Authenticator extends ClientAuthentication {
  /** What it presents: the `clientSecret`, or one of its own that is read anew at every token request; else it makes all itself. */
  readonly presents?: 'clientSecret' | { readonly clientAssertion: Credential };
  /** Whether it needs a connection with a client certificate, which some servers accept at endpoints of their own. */
  readonly mutualTls?: boolean;
  /** Authenticates each attempt of one request; `credential` is what it presents. */
  authenticate(credential: string, clock: Clock): ClientAuth;
}
