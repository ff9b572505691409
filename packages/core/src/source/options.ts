import type { Clock } from '../common/clock.ts';
import type { TokenEventListener } from '../common/events.ts';
import type { ClientOptions } from '../credentials/client.ts';
import type { SharedStore } from '../fleet/token-store.ts';
import type { TokenParameters } from '../lifecycle/token-parameters.ts';
import type { ServerOptions } from '../server/server.ts';

/** The options of every source of tokens. Read once; `undefined` means absent. All durations are milliseconds. */
export interface SourceOptions extends TokenParameters {
  /**
   * How many milliseconds before its expiry a token is renewed in the background, while it is still handed out. Half of the
   * token's lifetime at most; where the server says when to renew (`refresh_in`), that counts instead.
   * @defaultValue a quarter of the lifetime, 300 000 (5 minutes) at most; varied by ±10 % from token to token
   */
  readonly refreshWindow?: number | undefined;
  /**
   * How many milliseconds before its expiry callers wait for the renewal of a token, so that no request outlives its token.
   * The refresh window at most.
   * @defaultValue a tenth of the lifetime, 30 000 (30 seconds) at most
   */
  readonly expiryMargin?: number | undefined;
  /**
   * How many milliseconds a token lasts if neither the response nor, for a JWT, the token says so. If you set it, an
   * `expires_in` of 0 or less also counts as not said; otherwise such a token is used once and not kept, so each call makes
   * a token request.
   * @defaultValue 300 000 (5 minutes)
   */
  readonly assumedLifetime?: number | undefined;
  /**
   * How many milliseconds one acquisition may take: reading the secret, discovery, and the token request.
   * @defaultValue 10 000 (10 seconds)
   */
  readonly timeout?: number | undefined;
  /**
   * How many milliseconds a caller without a usable token waits through transient failures, such as a 503, while the source
   * tries again. Once requests have failed for longer than that, callers fail at once. With 0, they fail with the first failure.
   * Against a server that does not answer, it helps only if it is longer than {@link timeout}.
   * @defaultValue {@link timeout}
   */
  readonly patience?: number | undefined;
  /**
   * How many tokens for different {@link TokenSource.with | parameters} are kept. Above that, the one unused for longest goes.
   * @defaultValue 1 000
   */
  readonly maxCachedTokens?: number | undefined;
  /**
   * Where the processes of a fleet share their tokens, so that together they make one token request: `redisStore` of
   * `@tokenline/redis`, or a store of your own in {@link sharedStore}. It is asked only when a token has to be acquired. When
   * it fails, each process acquires by itself.
   * @defaultValue none: each process acquires by itself
   */
  readonly store?: SharedStore | undefined;
  /** Where the time comes from. @defaultValue `Date.now`, `performance.now` and `setTimeout` */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: returns numbers from 0 to 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /**
   * Keeps a renewal alive when the request that started it ends first, on runtimes that then end what it started: the
   * `waitUntil` of `cloudflare:workers`, or that of `@vercel/functions`. It is called during a request, with a promise that
   * never rejects. Without it a renewal may be lost: the next request that needs a token then makes another one.
   * @defaultValue that of `cloudflare:workers` where Node's compatibility is on; otherwise none
   */
  readonly waitUntil?: ((renewal: Promise<unknown>) => void) | undefined;
  /** Called with every {@link TokenEvent}. What it throws is ignored. @defaultValue none */
  readonly onEvent?: TokenEventListener | undefined;
  /**
   * Allows secrets and tokens to travel over plain http, to the authorization server and to the API. Loopback is always
   * allowed.
   * @defaultValue `false`
   */
  readonly allowInsecureRequests?: boolean | undefined;
}

/** The options of {@link createTokenSource}. Read once; `undefined` means absent. All durations are milliseconds. */
export interface TokenSourceOptions extends ServerOptions, ClientOptions, SourceOptions {}

/** The options of {@link createCustomTokenSource}. Read once; `undefined` means absent. All durations are milliseconds. */
export interface CustomTokenSourceOptions extends SourceOptions {
  /**
   * Acquires a token: it returns one, or a promise of one. It is called only when a token is needed, once for all who need
   * it.
   *
   * When it throws, callers get a `TokenError` (`ERR_TOKEN_REQUEST`) with the error as its `cause`, and the next calls wait
   * longer and longer. The failure counts as transient, unless the error has the property `transient: false`: then it is
   * not repeated as soon. A property `retryAfter` of the error says how many milliseconds to wait.
   */
  readonly acquire: (request: AcquireRequest) => CustomToken | Promise<CustomToken>;
  /**
   * Names the tokens in the {@link store}, where it is required, and in events: the same in all processes that may share
   * the tokens, and different for every account.
   * @defaultValue none
   */
  readonly key?: string | undefined;
}

/** What {@link CustomTokenSourceOptions.acquire | acquire} is called with. */
export interface AcquireRequest {
  /** Aborted at the end of `timeout`, or when nobody waits for the token any more. */
  readonly signal: AbortSignal;
  /** The requested scope, space-separated. */
  readonly scope: string | undefined;
  /** The requested resources; empty where there are none. */
  readonly resource: readonly string[];
  /** The requested audiences; empty where there are none. */
  readonly audience: readonly string[];
  /** The further parameters; a list where one has several values. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** The value of the token that an API refused, where that is the reason: a cached copy of it is of no use. */
  readonly rejected: string | undefined;
  /** The claims that an API wants the token to have, as JSON; `undefined` unless the API said so with a 401. */
  readonly claims: string | undefined;
}

/**
 * A token as {@link CustomTokenSourceOptions.acquire | acquire} returns it. Where it has neither `expiresIn` nor `expiresAt`,
 * the `exp` of a JWT counts; any other token lasts for `assumedLifetime`, five minutes by default.
 */
export interface CustomToken {
  /** The token itself. */
  readonly value: string;
  /**
   * How many milliseconds it lasts from the moment at which `acquire` was called. 0: it is used once, and not kept.
   * @defaultValue by {@link expiresAt}, the `exp` of a JWT, or `assumedLifetime`
   */
  readonly expiresIn?: number | null | undefined;
  /**
   * When it expires: a `Date`, or milliseconds since the epoch. Give this or {@link expiresIn}.
   * @defaultValue by {@link expiresIn}, the `exp` of a JWT, or `assumedLifetime`
   */
  readonly expiresAt?: number | Date | null | undefined;
  /**
   * After how many milliseconds to renew it in the background; 0 or less says nothing.
   * @defaultValue by {@link SourceOptions.refreshWindow}
   */
  readonly refreshIn?: number | null | undefined;
  /** The type of the token. @defaultValue `'Bearer'` */
  readonly type?: 'Bearer' | undefined;
  /** The granted scope, space-separated. @defaultValue `undefined`: as requested */
  readonly scope?: string | null | undefined;
}
