import type { FakeIdentityServerOptions } from './identity-server-options.ts';
import { type ClientRegistration, registeredClient } from './oauth/client-registration.ts';
import { readForm } from './oauth/form.ts';
import type { IssuedToken } from './oauth/issued-tokens.ts';
import { endpointsOf, metadataOf, metadataPlaces } from './oauth/metadata.ts';
import { json, Refusal } from './oauth/refusal.ts';
import { type Terms, TokenService } from './oauth/token-service.ts';
import { ScriptedHost } from './serving/scripted-host.ts';
import { outcomeOf, seenRequest, type TokenRequest } from './token-request.ts';

/** What a {@link FakeIdentityServer} answers at. */
export type Endpoint = 'token' | 'metadata' | 'jwks' | 'revocation' | 'introspection';

/** An authorization server for tests, as {@link fakeIdentityServer} makes it. */
export class FakeIdentityServer extends ScriptedHost<Endpoint> {
  /** How many milliseconds the tokens that are issued from now on live. The client is told whole seconds. */
  lifetime: number;
  /** What the tokens that are issued from now on look like. */
  accessTokenFormat: 'opaque' | 'jwt';
  /** Whether DPoP proofs must hold the nonce of the server, from now on. @defaultValue `false` */
  requireNonce = false;
  /** The token requests so far, in the order in which they arrived, those that failed included. */
  readonly tokenRequests: readonly TokenRequest[] = [];
  readonly #issuer: string;
  readonly #scopes: readonly string[];
  readonly #clock: { now(): number };
  readonly #service: TokenService;
  #nonces = 1;

  constructor(options: FakeIdentityServerOptions) {
    const { issuer = 'https://login.example.com', clients = {}, clock = { now: () => Date.now() } } = options;
    const { scopes = ['orders.read', 'orders.write'], resources = [] } = options;
    super(new URL(issuer).origin, 'token');
    this.lifetime = options.lifetime ?? 3_600_000;
    this.accessTokenFormat = options.accessTokenFormat ?? 'opaque';
    this.#issuer = typeof issuer === 'string' ? issuer : issuer.href;
    this.#scopes = scopes;
    this.#clock = clock;
    this.#service = new TokenService({ scopes, resources });
    for (const [id, registration] of Object.entries({ [clientId]: usualClient, ...clients }))
      this.register(id, registration);
  }

  /** Its issuer identifier: the virtual one, or after {@link listen} one on loopback. */
  get issuer(): string {
    const { origin, pathname } = new URL(this.#issuer);
    return origin === this.origin ? this.#issuer : `${this.origin}${pathname.replace(/\/$/, '')}`;
  }

  /** Where tokens are requested. */
  get tokenEndpoint(): string {
    return endpointsOf(this.issuer).token;
  }

  /** Where tokens are revoked. */
  get revocationEndpoint(): string {
    return endpointsOf(this.issuer).revocation;
  }

  /** Where clients ask what the server knows of a token. */
  get introspectionEndpoint(): string {
    return endpointsOf(this.issuer).introspection;
  }

  /** A client that the server knows: options of `createTokenSource`. Read it after {@link listen}. */
  get client(): { issuer: string; clientId: string; clientSecret: string; scope: string } {
    const clientSecret = this.#service.clients.get(clientId)?.secret ?? '';
    return { issuer: this.issuer, clientId, clientSecret, scope: this.#scopes.join(' ') };
  }

  /**
   * Makes a client known, or changes what is known of it, such as its secret.
   *
   * @throws TypeError when the registration lacks what its authentication method needs.
   */
  register(clientId: string, registration: ClientRegistration): void {
    this.#service.clients.set(clientId, registeredClient(clientId, registration));
  }

  /** What time it is for the server, in milliseconds since the epoch. */
  get time(): number {
    return this.#clock.now();
  }

  /** What the server knows of a token; `undefined` where it did not issue it, and after its expiry or revocation. */
  introspect(token: string): IssuedToken | undefined {
    return this.#service.issued.find(token, this.time);
  }

  /** Revokes a token. */
  revoke(token: string): void {
    this.#service.issued.revoke(token);
  }

  /** Revokes all tokens that were issued so far. */
  revokeAll(): void {
    this.#service.issued.revokeAll();
  }

  /** Replaces the DPoP nonce: proofs with the old one are answered with `use_dpop_nonce`. */
  rotateNonce(): void {
    this.#nonces++;
  }

  protected async handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const endpoint = this.#endpointAt(request.method, pathname);
    if (endpoint === undefined) return new Response('Not Found', { status: 404 });
    return endpoint === 'token' ? this.#handleTokenRequest(request) : this.respond(request, endpoint);
  }

  protected async answer(request: Request, endpoint: Endpoint): Promise<Response> {
    if (endpoint === 'metadata') return json(metadataOf(this.issuer, this.#service.clients.values(), this.#scopes));
    if (endpoint === 'jwks') return json({ keys: [await this.#service.key.jwk()] });
    try {
      const form = await readForm(request);
      if (endpoint === 'revocation') return await this.#service.revoke(request, form, this.#terms);
      if (endpoint === 'introspection') return await this.#service.introspect(request, form, this.#terms);
      return await this.#service.issue(request, form, this.#terms);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { response } = error;
      // RFC 6749 §5.2: a client that used the header is told the scheme.
      if (error.status === 401 && request.headers.has('authorization'))
        response.headers.set('www-authenticate', 'Basic');
      return response;
    }
  }

  async #handleTokenRequest(request: Request): Promise<Response> {
    const seen = await seenRequest(request, this.time);
    (this.tokenRequests as TokenRequest[]).push(seen);
    const response = await this.respond(request, 'token');
    Object.assign(seen, await outcomeOf(response));
    return response;
  }

  #endpointAt(method: string, path: string): Endpoint | undefined {
    const { token, jwks, revocation, introspection } = endpointsOf(this.issuer);
    const url = `${this.origin}${path}`;
    const routes: Record<string, Endpoint> = {
      [`POST ${token}`]: 'token',
      [`POST ${revocation}`]: 'revocation',
      [`POST ${introspection}`]: 'introspection',
      [`GET ${jwks}`]: 'jwks',
    };
    for (const place of metadataPlaces(this.issuer)) routes[`GET ${place}`] = 'metadata';
    return routes[`${method} ${url}`];
  }

  get #terms(): Terms {
    const { issuer, tokenEndpoint, lifetime, accessTokenFormat, requireNonce } = this;
    const nonce = `nonce-${this.#nonces}`;
    return { issuer, tokenEndpoint, lifetime, accessTokenFormat, nonce, requireNonce, now: this.time };
  }
}

const clientId = 'orders';
const usualClient: ClientRegistration = {
  // A secret that is spoiled where it is not encoded.
  client_secret: 'sesame+street/7%',
  token_endpoint_auth_method: 'client_secret_post',
};

/**
 * Makes an authorization server for tests: discovery, client credentials, revocation, introspection, DPoP. It refuses what a real server would
 * refuse, and fails when you say so. It serves three ways: pass {@link FakeIdentityServer.fetch} to a source, `listen()` on
 * loopback, or give its `handlers()` to `msw`.
 *
 * @example
 * ```ts
 * const server = fakeIdentityServer();
 * const source = createTokenSource({ ...server.client, fetch: server.fetch });
 *
 * server.failNext({ status: 503, times: 2 });
 * await source.getToken();
 * server.tokenRequests.length; // 3
 * ```
 * @throws TypeError when a registration in `clients` lacks what its authentication method needs.
 */
export function fakeIdentityServer(options: FakeIdentityServerOptions = {}): FakeIdentityServer {
  return new FakeIdentityServer(options);
}
