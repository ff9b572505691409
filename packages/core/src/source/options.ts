import type { ClientAuthentication, ClientAuthenticationMethod } from '../credentials/client-authentication.ts';
import type { Clock } from '../common/clock.ts';
import type { Credential } from '../credentials/credential.ts';
import type { TokenEventListener } from '../common/events.ts';
import type { ProofKey } from '../credentials/proof-key.ts';
import type { TokenGrant } from '../credentials/grant.ts';
import type { SharedStore } from '../fleet/token-store.ts';

/** What one access token is asked for. */
export interface TokenParameters {
  /** The scope: one string, space-separated where it is several, or a list. Order and duplicates do not matter. */
  readonly scope?: string | readonly string[] | undefined;
  /** The API or APIs that the token is for, as absolute URIs (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined;
  /** The API or APIs that the token is for, by the server's own names for them (Auth0, RFC 8693). */
  readonly audience?: string | readonly string[] | undefined;
  /** Further parameters of the token request. One that the protocol sets itself is refused. */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The options of {@link createTokenSource}. Read once; `undefined` means absent. All durations are milliseconds. */
export interface TokenSourceOptions extends TokenParameters {
  /**
   * The authorization server, whose metadata (OpenID Connect Discovery or RFC 8414) names the token endpoint. Exactly as the
   * server itself spells it; the full URL of a metadata document does too. Give this or {@link tokenEndpoint}.
   */
  readonly issuer?: string | URL | undefined;
  /** The token endpoint, where there is no metadata or none is wanted. Give this or {@link issuer}. */
  readonly tokenEndpoint?: string | URL | undefined;
  /** The client identifier. */
  readonly clientId: string;
  /**
   * The client secret, unless {@link clientAuthentication} needs none. A function serves secrets that rotate: a changed one
   * is used at once, even after a refusal.
   */
  readonly clientSecret?: Credential | undefined;
  /**
   * How the client proves who it is: by the name of a method, or as {@link privateKeyJwt} and its like make it.
   * @defaultValue `'client_secret_post'`, or where the metadata leaves that out the first that it offers of
   * `'client_secret_basic'` and `'client_secret_jwt'`.
   */
  readonly clientAuthentication?: ClientAuthenticationMethod | ClientAuthentication | undefined;
  /**
   * What the tokens are asked for with: {@link jwtBearer}, {@link tokenExchange}, {@link refreshToken} or
   * {@link extensionGrant}.
   * @defaultValue client credentials: the client acts for itself.
   */
  readonly grant?: TokenGrant | undefined;
  /**
   * Binds the tokens to a key (RFC 9449), so that nobody else can use them: `proofKey()`, or {@link proofKey} with a key
   * pair of your own.
   * @defaultValue bearer tokens
   */
  readonly dpop?: ProofKey | undefined;
  /**
   * How long before its expiry a token is renewed in the background while it is still handed out. At most half of the
   * token's lifetime counts; a `refresh_in` in the server's answer wins.
   * @defaultValue a quarter of the lifetime, 5 minutes at most; in either case varied by ±10 % from token to token.
   */
  readonly refreshWindow?: number | undefined;
  /**
   * How long before its expiry a token is held back while a renewal is under way, so that no request outlives its token.
   * At most the refresh window counts.
   * @defaultValue a tenth of the lifetime, 30 seconds at most.
   */
  readonly expiryMargin?: number | undefined;
  /**
   * How long one acquisition may take: reading the secret, discovery, and the token request.
   * @defaultValue 10 000
   */
  readonly timeout?: number | undefined;
  /**
   * How many tokens, of different {@link TokenSource.with | parameters}, are kept. The one unused for longest goes first.
   * @defaultValue 1 000
   */
  readonly maxCachedTokens?: number | undefined;
  /**
   * Where the processes of a fleet share their tokens, so that all together make one token request: `redisStore` of
   * `@tokenline/redis`, or a store of your own by {@link sharedStore}. It is asked when a token has to be acquired, never while
   * there is a fresh one; and where it fails, each process acquires by itself.
   * @defaultValue none: each process acquires by itself
   */
  readonly store?: SharedStore | undefined;
  /** What sends discovery and token requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Where the time comes from. @defaultValue `Date.now` and `performance.now` */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers from 0 to 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Called with every {@link TokenEvent}. What it throws is ignored. */
  readonly onEvent?: TokenEventListener | undefined;
  /**
   * Lets secrets and tokens travel over plain http, to the authorization server and to the API. Loopback needs no leave.
   * @defaultValue `false`
   */
  readonly allowInsecureRequests?: boolean | undefined;
}

/** What a caller may say about the token that it wants. */
export interface GetTokenOptions {
  /** The value of a token that the API refused: "give me another one". However many say so, one request is made. */
  readonly rejected?: string | undefined;
  /** Ends this caller's wait, with the signal's reason. Others go on waiting. */
  readonly signal?: AbortSignal | undefined;
}
