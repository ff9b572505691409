import { ClientSecretJwt, ClientSecretPost } from 'oauth4webapi';
import { invalidOption } from '../common/errors.ts';
import { readOptions } from '../common/options.ts';
import { type AssertionAudience, readAudience, withClaims } from './assertion-claims.ts';
import { type Authenticator, type ClientAuthentication, clientAuthentication } from './client-authentication.ts';

/** The secret in the form. */
export const secretPost: Authenticator = {
  method: 'client_secret_post',
  presents: 'clientSecret',
  authenticate: (secret) => ClientSecretPost(secret),
};

export function secretBasic(encode: (text: string) => string = formEncode): Authenticator {
  return {
    method: 'client_secret_basic',
    presents: 'clientSecret',
    authenticate: (secret) => (_server, client, _body, headers) => {
      headers.set('authorization', `Basic ${basicCredentials(client.client_id, secret, encode)}`);
    },
  };
}

export function secretJwt(audience: AssertionAudience = 'issuer'): Authenticator {
  return {
    method: 'client_secret_jwt',
    presents: 'clientSecret',
    authenticate:
      (secret, clock) =>
      (server, ...rest) =>
        ClientSecretJwt(secret, withClaims(server, audience, clock))(server, ...rest),
  };
}

/**
 * Presents the secret in the `Authorization` header. Servers differ on how special characters are written.
 *
 * @param options - `encoding: 'form'` (the default) encodes everything but letters, digits and `-._~*`, as RFC 6749 says;
 * `'raw'` encodes nothing, for servers that decode nothing.
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientSecret, clientAuthentication: clientSecretBasic({ encoding: 'raw' }) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when the encoding is neither, or an option does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 | RFC 6749 §2.3.1}
 */
export function clientSecretBasic(
  options: { readonly encoding?: 'form' | 'raw' | undefined } = {},
): ClientAuthentication {
  const { encoding = 'form' } = readOptions('clientSecretBasic', options, ['encoding']);
  if (encoding !== 'form' && encoding !== 'raw') throw invalidOption(`encoding must be 'form' or 'raw'`);
  return clientAuthentication(secretBasic(encoding === 'form' ? formEncode : String));
}

/**
 * Proves that the client knows its secret by an assertion signed with it (HS256), so that the secret itself is never sent.
 *
 * @param options - `audience`: the `aud` of the assertion, by default the issuer.
 * @throws TypeError (`ERR_INVALID_OPTION`) when the audience is not a string, or an option does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 | RFC 7523 §2.2}
 */
export function clientSecretJwt(
  options: { readonly audience?: AssertionAudience | undefined } = {},
): ClientAuthentication {
  const { audience } = readOptions('clientSecretJwt', options, ['audience']);
  return clientAuthentication(secretJwt(readAudience(audience)));
}

/** What a request contains of a secret, the longest first. The redaction knows the other spellings of each. */
export function secretsOf(clientId: string | undefined, secret: string): readonly string[] {
  const credentials = [formEncode, String].map((encode) => basicCredentials(clientId ?? '', secret, encode));
  return [...new Set([...credentials, secret])];
}

function basicCredentials(clientId: string, secret: string, encode: (text: string) => string): string {
  const bytes = new TextEncoder().encode(`${encode(clientId)}:${encode(secret)}`);
  return btoa(String.fromCharCode(...bytes));
}

/**
 * RFC 6749 §2.3.1, except for what servers refuse: unreserved characters are not encoded, and a space is `%20`, which all
 * servers decode, rather than `+`.
 */
function formEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
