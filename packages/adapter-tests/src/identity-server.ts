import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answeredPreflight } from './cors.ts';
import { close, listen } from './listen.ts';
import { createProvider, type Registrations } from './provider.ts';

/** What an {@link IdentityServer} can be told at its start. All durations are milliseconds. */
export interface IdentityServerOptions {
  /** @defaultValue any free one */
  readonly port?: number;
  /** How long tokens live, in whole seconds, as milliseconds. @defaultValue an hour */
  readonly lifetime?: number;
  /** @defaultValue `'opaque'` */
  readonly accessTokenFormat?: 'opaque' | 'jwt';
  /** The clients that it knows beside the one of {@link IdentityServer.client}, by their identifiers. @defaultValue none */
  readonly registrations?: Registrations;
  /** By which time {@link IdentityServer.accepts} judges. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * What may be wrong with the token endpoint: it answers 503, it keeps its callers waiting until it recovers, or it no
 * longer knows the client.
 */
export type Outage = 'unavailable' | 'hanging' | 'invalid_client';

/**
 * A real, certified authorization server, in this process and on a loopback port: discovery, and client credentials
 * at `/connect/token`. It counts what it is asked, can revoke what it issued, and can fail for a while.
 *
 * @example
 * ```ts
 * const identity = await IdentityServer.start();
 * const source = createTokenSource(identity.client);
 * ```
 */
export class IdentityServer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** The one client that it knows: what `createTokenSource` wants to be told, with time enough for a busy machine. */
  readonly client: { issuer: string; clientId: string; clientSecret: string; scope: string; timeout: number };
  /** How long the tokens issued from now on live. */
  lifetime: number;
  /** What the tokens issued from now on look like. */
  accessTokenFormat: 'opaque' | 'jwt';
  /** Whether the token endpoint refuses DPoP proofs without a nonce of its own. */
  requireNonces = false;
  /** The DPoP proofs of all token requests, in the order of arrival. */
  readonly proofs: (string | undefined)[] = [];
  readonly #server: Server;
  readonly #now: () => number;
  readonly #issued: Map<string, { readonly scope: string | undefined; readonly expiresAt: number }> = new Map();
  #tokenRequests = 0;
  #outage: Outage | undefined;
  /** Those that wait for the end of an outage. */
  #waiting: (() => void)[] = [];

  private constructor(
    server: Server,
    issuer: string,
    options: Required<Pick<IdentityServerOptions, 'lifetime' | 'accessTokenFormat' | 'now'>>,
  ) {
    const { lifetime, accessTokenFormat, now } = options;
    this.#server = server;
    this.#now = now;
    this.issuer = issuer;
    this.tokenEndpoint = `${issuer}/connect/token`;
    this.client = {
      issuer,
      clientId: 'orders',
      clientSecret: `s3cr:t +%41/&="~'\\`,
      scope: 'orders.read orders.write',
      timeout: 120_000,
    };
    this.lifetime = lifetime;
    this.accessTokenFormat = accessTokenFormat;
  }

  static async start({
    port,
    lifetime = 3_600_000,
    accessTokenFormat = 'opaque',
    registrations = {},
    now = Date.now,
  }: IdentityServerOptions = {}): Promise<IdentityServer> {
    const server = createServer({ keepAliveTimeout: 0 });
    const identity = new IdentityServer(server, await listen(server, port), { lifetime, accessTokenFormat, now });
    const provider = await createProvider({
      ...identity.client,
      accessTokenFormat: () => identity.accessTokenFormat,
      lifetime: () => identity.lifetime,
      requireNonces: () => identity.requireNonces,
      registrations,
    });
    provider.on('grant.success', ({ body }) => identity.#remember(body as TokenResponse));
    const handle = provider.callback();
    server.on('request', (request, response) => identity.#answer(request, response, handle));
    return identity;
  }

  /** How many token requests have arrived, those that failed included. */
  get tokenRequests(): number {
    return this.#tokenRequests;
  }

  /** Whether a token was issued here, has not expired and has not been revoked. */
  accepts(token: string): boolean {
    return (this.#issued.get(token)?.expiresAt ?? 0) > this.#now();
  }

  /** What a token that was issued here is good for. */
  scopeOf(token: string): string | undefined {
    return this.#issued.get(token)?.scope;
  }

  /** Makes every token that was issued so far worthless. */
  revokeAll(): void {
    this.#issued.clear();
  }

  /** From now on, and until it recovers, no token can be had. */
  fail(outage: Outage): void {
    this.#outage = outage;
  }

  /** Ends an outage. Callers that were kept waiting get their answer. */
  recover(): void {
    this.#outage = undefined;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  #remember({ access_token: token, expires_in: seconds, scope }: TokenResponse): void {
    this.#issued.set(token, { scope, expiresAt: this.#now() + seconds * 1_000 });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, provider: Handler): Promise<void> {
    if (answeredPreflight(request, response)) return undefined;
    if (request.url !== '/connect/token') return provider(request, response);
    this.#tokenRequests++;
    this.proofs.push(request.headers['dpop'] as string | undefined);
    if (this.#outage === 'hanging') await new Promise<void>((resume) => this.#waiting.push(resume));
    // Nobody waits for the answer any more, and the provider warns of a body that it cannot read.
    if (request.destroyed) return undefined;
    if (this.#outage === undefined) return provider(request, response);
    const [status, error] = this.#outage === 'unavailable' ? [503, 'temporarily_unavailable'] : [401, 'invalid_client'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  }
}

interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly scope?: string;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
