import { None } from 'oauth4webapi';
import type { Authenticator, ClientAuthentication } from './client-authentication.ts';

/** A public client. */
export const none: Authenticator = { method: 'none', authenticate: None };

/**
 * Authenticates the client by the certificate of its connection, which a certificate authority vouches for. The `fetch`
 * option has to present it: on Node, `mtlsFetch` makes one of PEM. Where the server has a token endpoint for such
 * connections, that is used.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientAuthentication: tlsClientAuth(), fetch: mtlsFetch({ cert, key }) });
 * ```
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1 | RFC 8705 §2.1}
 */
export function tlsClientAuth(): ClientAuthentication {
  return { ...none, method: 'tls_client_auth', mutualTls: true } as ClientAuthentication;
}

/**
 * The same as {@link tlsClientAuth}, with a certificate that is registered at the server itself.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2 | RFC 8705 §2.2}
 */
export function selfSignedTlsClientAuth(): ClientAuthentication {
  return { ...none, method: 'self_signed_tls_client_auth', mutualTls: true } as ClientAuthentication;
}
