import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { type ClientMetadata, Provider } from 'oidc-provider';
import { MemoryAdapter } from './memory-adapter.ts';

/** Further clients, by their identifiers, and how they authenticate. */
export type Registrations = Readonly<Record<string, Partial<ClientMetadata>>>;

/** What the provider is to know. */
interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  readonly accessTokenFormat: () => 'opaque' | 'jwt';
  /** How long the next token lives, in milliseconds. */
  readonly lifetime: () => number;
  /** Whether the next DPoP proof must hold a nonce. */
  readonly requireNonces: () => boolean;
  readonly registrations: Registrations;
}

/** The one API that the tokens are for. */
export const audience = 'urn:orders';

/** Configures oidc-provider for one client and its client credentials, with all that it would otherwise warn about. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { issuer, clientId, clientSecret, scope, accessTokenFormat, lifetime, requireNonces, registrations } = options;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return new Provider(issuer, {
    adapter: MemoryAdapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['not used: there are no browsers'] },
    routes: { token: '/connect/token' },
    scopes: scope.split(' '),
    clients: Object.entries({ [clientId]: { client_secret: clientSecret }, ...registrations }).map(
      ([id, registration]) => ({
        client_id: id,
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        ...registration,
      }),
    ),
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      dPoPSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
    },
    ttl: { ClientCredentials: () => lifetime() / 1_000 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: requireNonces },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope,
          audience,
          accessTokenFormat: accessTokenFormat(),
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
}
