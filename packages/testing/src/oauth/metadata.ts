import { assertionAlgorithms } from './client-assertion.ts';
import type { RegisteredClient } from './client-registration.ts';
import { proofAlgorithms } from './proof.ts';

/** Where the server of an issuer answers. */
export function endpointsOf(
  issuer: string,
): Readonly<Record<'token' | 'jwks' | 'revocation' | 'introspection', string>> {
  const base = issuer.replace(/\/$/, '');
  return {
    token: `${base}/token`,
    jwks: `${base}/jwks`,
    revocation: `${base}/revoke`,
    introspection: `${base}/introspect`,
  };
}

/**
 * The metadata of the server. It offers the methods of its clients and no others.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 | RFC 8414 §2}
 */
export function metadataOf(issuer: string, clients: Iterable<RegisteredClient>, scopes: readonly string[]): object {
  const { token, jwks, revocation, introspection } = endpointsOf(issuer);
  const methods = [...new Set([...clients].map(({ method }) => method))];
  return {
    issuer,
    token_endpoint: token,
    jwks_uri: jwks,
    revocation_endpoint: revocation,
    introspection_endpoint: introspection,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    scopes_supported: scopes,
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: Object.values(assertionAlgorithms).flat(),
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    dpop_signing_alg_values_supported: proofAlgorithms,
  };
}

/** The two well-known places. A path of the issuer stands before the one, and behind the other. */
export function metadataPlaces(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [`${path}/.well-known/openid-configuration`, `/.well-known/oauth-authorization-server${path}`].map(
    (place) => `${origin}${place}`,
  );
}
