import { None } from 'oauth4webapi';
import { type Authenticator, type ClientAuthentication, clientAuthentication } from './client-authentication.ts';

/** A public client. */
export const none: Authenticator = { method: 'none', authenticate: None };

/**
 * Authenticates the client by the certificate of its connection, which a certificate authority has signed. The `fetch`
 * option must present the certificate: on Node, `mtlsFetch` of `@tokenline/undici/mtls-fetch` makes such a `fetch`. If the
 * server's metadata names a token endpoint for such connections, it is used. Never throws.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientAuthentication: tlsClientAuth(), fetch: mtlsFetch({ cert, key }) });
 * ```
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1 | RFC 8705 §2.1}
 */
export function tlsClientAuth(): ClientAuthentication {
  return clientAuthentication({ ...none, method: 'tls_client_auth', mutualTls: true });
}

/**
 * Like {@link tlsClientAuth}, with a certificate that is registered at the server itself. Never throws.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2 | RFC 8705 §2.2}
 */
export function selfSignedTlsClientAuth(): ClientAuthentication {
  return clientAuthentication({ ...none, method: 'self_signed_tls_client_auth', mutualTls: true });
}
