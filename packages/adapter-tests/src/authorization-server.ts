import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type AdapterPayload, type ClientMetadata, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';

/** A client as the server knows it: the rest of its registration is the same for all. */
export type Registration = Pick<ClientMetadata, 'token_endpoint_auth_method'> & Partial<ClientMetadata>;

export const scope = 'orders.read orders.write';
export const extension = 'urn:example:grant';

/** oidc-provider, as strict as it can be: every client may authenticate in one way, no assertion is good twice. */
export class AuthorizationServer {
  readonly issuer: string;
  readonly provider: Provider;
  readonly #server: Server;

  private constructor(issuer: string, provider: Provider, server: Server) {
    this.issuer = issuer;
    this.provider = provider;
    this.#server = server;
  }

  /** @param tls - makes it an https server, that asks for certificates where the options say so. */
  static async start(clients: Record<string, Registration>, tls?: ServerOptions): Promise<AuthorizationServer> {
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const provider = createProvider(issuer, clients, { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' });
    server.on('request', provider.callback());
    return new AuthorizationServer(issuer, provider, server);
  }

  /** A refresh token as a person's consent would have brought it. */
  async refreshTokenFor(clientId: string): Promise<string> {
    const { Grant, RefreshToken, Client } = this.provider;
    const grant = new Grant({ accountId: 'alice', clientId });
    grant.addOIDCScope('openid offline_access');
    const client = await Client.find(clientId);
    if (client === undefined) throw new Error(`there is no client ${clientId}`);
    return new RefreshToken({
      accountId: 'alice',
      client,
      grantId: await grant.save(),
      gty: 'authorization_code',
      scope: 'openid offline_access',
    }).save();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The certificate that the client of this connection has shown. */
function certificateOf({ req }: KoaContextWithOIDC): Partial<PeerCertificate> {
  return (req.socket as TLSSocket).getPeerCertificate();
}

function createProvider(issuer: string, clients: Record<string, Registration>, key: JWK): Provider {
  const entries = new Map<string, AdapterPayload>();
  // Not the provider's own list: it is cloned, and jest's objects are not those of a clone.
  for (const [client_id, registration] of Object.entries(clients)) {
    entries.set(`Client ${client_id}`, {
      client_id,
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials', 'refresh_token', extension],
      redirect_uris: [],
      response_types: [],
      ...registration,
    });
  }
  const provider = new Provider(issuer, {
    adapter: (kind: string) => ({
      upsert: async (id, payload) => void entries.set(`${kind} ${id}`, payload),
      find: async (id) => entries.get(`${kind} ${id}`),
      destroy: async (id) => void entries.delete(`${kind} ${id}`),
      consume: async (id) => void Object.assign(entries.get(`${kind} ${id}`) ?? {}, { consumed: Date.now() / 1_000 }),
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      revokeByGrantId: async (grantId) => {
        for (const [id, entry] of entries) if (entry.grantId === grantId) entries.delete(id);
      },
    }),
    jwks: { keys: [key] },
    cookies: { keys: ['not used: there are no browsers'] },
    scopes: ['openid', 'offline_access', ...scope.split(' ')],
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] },
    findAccount: (_ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    rotateRefreshToken: true,
    ttl: { AccessToken: 3600, ClientCredentials: 3600, RefreshToken: 3600, Grant: 3600, IdToken: 3600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        // For clients whose registration wants it.
        certificateBoundAccessTokens: true,
        getCertificate: (ctx) => {
          const { raw } = certificateOf(ctx);
          return raw && `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----`;
        },
        certificateAuthorized: ({ req }) => (req.socket as TLSSocket).authorized,
        certificateSubjectMatches: (ctx, property, expected) =>
          property === 'tls_client_auth_subject_dn' && `CN=${String(certificateOf(ctx).subject?.CN)}` === expected,
      },
    },
  });
  provider.registerGrantType(
    extension,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      if (client === undefined || params?.['ticket'] !== 'a good ticket') throw new errors.InvalidGrant('a bad ticket');
      const token = new provider.ClientCredentials({ client, scope: '' });
      ctx.body = { access_token: await token.save(), expires_in: token.expiration, token_type: token.tokenType };
    },
    ['ticket'],
  );
  return provider;
}
