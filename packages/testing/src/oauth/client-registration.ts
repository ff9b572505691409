import type { JSONWebKeySet } from 'jose';

/** How a client may authenticate. */
export type AuthenticationMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt'
  | 'none';

/**
 * A client as the server knows it, in the terms of RFC 7591.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-2 | RFC 7591 §2}
 */
export interface ClientRegistration {
  /** The secret: required by the methods whose names begin with `client_secret`. */
  readonly client_secret?: string | undefined;
  /** The one way in which the client may authenticate. @defaultValue `'client_secret_basic'` */
  readonly token_endpoint_auth_method?: AuthenticationMethod | undefined;
  /** The algorithm that its assertions must be signed with. @defaultValue any that the server knows */
  readonly token_endpoint_auth_signing_alg?: string | undefined;
  /** The public keys of its assertions: required by `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly object[] } | undefined;
  /** What the client may do. @defaultValue `['client_credentials']` */
  readonly grant_types?: readonly string[] | undefined;
  /** The scopes that it may ask for, space-separated. @defaultValue all that the server knows */
  readonly scope?: string | undefined;
  /** Whether each of its token requests must have a DPoP proof. @defaultValue `false` */
  readonly dpop_bound_access_tokens?: boolean | undefined;
}

/** A registration with its defaults. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  readonly method: AuthenticationMethod;
  readonly algorithm: string | undefined;
  readonly keys: JSONWebKeySet;
  readonly grantTypes: readonly string[];
  readonly scope: string | undefined;
  readonly needsProof: boolean;
}

/** @throws TypeError when the registration lacks what its method needs. */
export function registeredClient(id: string, registration: ClientRegistration): RegisteredClient {
  const { client_secret: secret = '', jwks, token_endpoint_auth_method: method = 'client_secret_basic' } = registration;
  if (method.startsWith('client_secret') && secret === '')
    throw new TypeError(`the client ${id} needs a client_secret for ${method}`);
  if (method === 'private_key_jwt' && jwks === undefined)
    throw new TypeError(`the client ${id} needs jwks for ${method}`);
  return {
    id,
    secret,
    method,
    algorithm: registration.token_endpoint_auth_signing_alg,
    keys: { keys: [...(jwks?.keys ?? [])] },
    grantTypes: registration.grant_types ?? ['client_credentials'],
    scope: registration.scope,
    needsProof: registration.dpop_bound_access_tokens ?? false,
  };
}
