import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type AdapterPayload, errors, Provider } from 'oidc-provider';
import { type ClientRegistration, fakeIdentityServer } from '../src/index.ts';

/** A server under contract, on loopback. */
export interface ServerUnderContract {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string;
  readonly introspectionEndpoint: string;
  /** Whether DPoP proofs must hold a nonce. */
  requireNonce: boolean;
  /** Whether a token is valid. */
  knows(token: string): Promise<boolean>;
  close(): Promise<void>;
}

export const scopes: readonly string[] = ['orders.read', 'orders.write'];
export const resource = 'https://api.example.com/';
const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'] as const;

type Clients = Readonly<Record<string, ClientRegistration>>;

export async function startFake(clients: Clients): Promise<ServerUnderContract> {
  const server = fakeIdentityServer({ clients, scopes, resources: [resource] });
  await server.listen();
  const knows = async (token: string): Promise<boolean> => server.introspect(token) !== undefined;
  return Object.assign(server, { knows });
}

/** oidc-provider: a certified implementation. */
export async function startReal(clients: Clients): Promise<ServerUnderContract> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const terms = { requireNonce: false };
  const provider = await createProvider(issuer, clients, terms);
  server.on('request', provider.callback());
  return Object.assign(terms, {
    issuer,
    tokenEndpoint: `${issuer}/token`,
    revocationEndpoint: `${issuer}/token/revocation`,
    introspectionEndpoint: `${issuer}/token/introspection`,
    knows: async (token: string) => (await provider.ClientCredentials.find(token)) !== undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** The rule that is the default, too: set, since oidc-provider would say that it is not. */
function revocable(
  _ctx: unknown,
  client: { readonly clientId: string },
  token: { readonly clientId?: string | undefined },
) {
  if (token.clientId === client.clientId) return true;
  throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
}

/** The same: a client that cannot authenticate learns of its own tokens. */
function readable(
  _ctx: unknown,
  client: { readonly clientId: string; readonly clientAuthMethod?: string | undefined },
  token: { readonly clientId?: string | undefined },
) {
  return client.clientAuthMethod !== 'none' || token.clientId === client.clientId;
}

async function createProvider(
  issuer: string,
  clients: Clients,
  terms: { readonly requireNonce: boolean },
): Promise<Provider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const entries = new Map<string, AdapterPayload>();
  // Not the provider's own list: it is cloned, and the objects of Jest are not those of a clone.
  for (const [client_id, registration] of Object.entries(clients)) {
    const usual = { id_token_signed_response_alg: 'ES256', redirect_uris: [], response_types: [] };
    const grants = { grant_types: ['client_credentials'] };
    entries.set(`Client ${client_id}`, { client_id, ...usual, ...grants, ...registration } as AdapterPayload);
  }
  return new Provider(issuer, {
    adapter: (kind: string) => ({
      upsert: async (id, payload) => void entries.set(`${kind} ${id}`, payload),
      find: async (id) => entries.get(`${kind} ${id}`),
      destroy: async (id) => void entries.delete(`${kind} ${id}`),
      consume: async () => {},
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      revokeByGrantId: async () => {},
    }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['not used: there are no browsers'] },
    scopes: [...scopes],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', ...algorithms], dPoPSigningAlgValues: [...algorithms] },
    clockTolerance: 0,
    ttl: { ClientCredentials: 3_600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: revocable },
      introspection: { enabled: true, allowedPolicy: readable },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => terms.requireNonce },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          return { scope: scopes.join(' '), audience: resource, accessTokenFormat: 'opaque' };
        },
      },
    },
  });
}
