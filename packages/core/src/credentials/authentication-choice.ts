import type { Authenticator } from './client-authentication.ts';
import { none } from './mutual-tls.ts';
import { clientSecretBasic, clientSecretJwt, clientSecretPost } from './client-secret.ts';
import { type Credential, isCredential } from './credential.ts';
import { invalidOption } from '../common/errors.ts';
import type { TokenSourceOptions } from '../source/options.ts';

// The ways to present a secret come first, in the order of preference.
const named = [clientSecretPost, clientSecretBasic() as Authenticator, clientSecretJwt() as Authenticator, none];

/** How the client authenticates, as far as its options say it. */
export interface AuthenticationChoice {
  /** `undefined` where the server's metadata is to decide. */
  readonly clientAuthentication: Authenticator | undefined;
  readonly clientSecret: Credential | undefined;
}

/** @throws TypeError (`ERR_INVALID_OPTION`) when there is no way to authenticate, or one too many. */
export function readAuthentication(options: TokenSourceOptions): AuthenticationChoice {
  const { clientSecret, clientAuthentication: way } = options;
  const clientAuthentication =
    typeof way === 'object' ? (way as Authenticator | null) : named.find(({ method }) => method === way);
  if (way !== undefined && typeof clientAuthentication?.authenticate !== 'function') {
    const names = named.map(({ method }) => `'${method}'`).join(', ');
    throw invalidOption(
      `clientAuthentication must be one of ${names}, or what privateKeyJwt(), clientAssertion(), clientSecretBasic(), clientSecretJwt(), tlsClientAuth() or selfSignedTlsClientAuth() gives`,
    );
  }
  const method = clientAuthentication?.method;
  if (clientAuthentication && clientAuthentication.presents !== 'clientSecret') {
    if (clientSecret !== undefined)
      throw invalidOption(`clientSecret is of no use where clientAuthentication is ${method}: give one of them`);
  } else if (!isCredential(clientSecret)) {
    throw invalidOption(
      `clientSecret is required${method === undefined ? '' : ` for ${method}`}: a string that is not empty, or a function that returns it; or give a clientAuthentication that needs none, such as privateKeyJwt({ key })`,
    );
  }
  return { clientAuthentication: clientAuthentication ?? undefined, clientSecret };
}

/** How a client presents its secret that was not told: in the form, unless the server offers other ways only. */
export function preferredOf(offered: readonly string[] | undefined): Authenticator {
  return named.find(({ method, presents }) => presents && offered?.includes(method)) ?? clientSecretPost;
}
