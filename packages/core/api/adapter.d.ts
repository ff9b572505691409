interface AccessToken {
    readonly value: string;
    readonly type: 'Bearer' | 'DPoP';
    readonly expiresAt: number | undefined;
    readonly scope: string | undefined;
}

type AnyHeaders = object | null | undefined;

type AnyToken = Pick<AccessToken, 'value'> & Partial<AccessToken>;

declare class AuthorizedRequest {
    #private;
    failure: unknown;
    private constructor();
    static make(context: Context, token: PresentedToken, tried?: Tried): AuthorizedRequest | Promise<AuthorizedRequest>;
    get headers(): Readonly<Record<string, string>>;
    get hasProof(): boolean;
    get replaces(): boolean;
    allows(url: string): boolean;
    headersAt(url: string): Readonly<Record<string, string>>;
    mayRetry(status: number): boolean;
    retry(response: IncomingResponse, body: unknown, release?: () => Promise<unknown>): Promise<AuthorizedRequest | undefined> | undefined;
    attachCause(error: unknown): void;
}

declare class Authorizer {
    #private;
    readonly replace: boolean;
    constructor(source: TokenSource, base: string | URL | undefined, options?: BearerAuthOptions);
    get allowsSeveral(): boolean;
    allows(url: string): boolean;
    authorize(request: OutgoingRequest): Promise<AuthorizedRequest> | undefined;
    present(token: AnyToken): PresentedToken;
}

interface BearerAuthOptions {
    readonly origins?: readonly (string | URL)[] | undefined;
    readonly refused?: Refused | undefined;
    readonly scheme?: string | undefined;
    readonly replace?: boolean | undefined;
}

type BearerAuthRequest = false | (TokenParameters & RequestRules);

interface Challenge {
    readonly scheme: string;
    readonly parameters: ReadonlyMap<string, string>;
}

interface ClientAuthentication {
    readonly method: string;
}

type ClientAuthenticationMethod = 'client_secret_post' | 'client_secret_basic' | 'client_secret_jwt' | 'none';

interface ClientOptions {
    readonly clientId?: string | undefined;
    readonly clientSecret?: Credential | undefined;
    readonly clientAuthentication?: ClientAuthenticationMethod | ClientAuthentication | undefined;
    readonly grant?: TokenGrant | undefined;
    readonly dpop?: ProofKey | undefined;
}

interface Clock {
    now(): number;
    monotonic(): number;
    startTimer?(callback: () => void, duration: number): () => void;
}

interface Context {
    readonly rules: Rules;
    readonly refused: Refused | undefined;
    readonly source: TokenSource;
    readonly request: OutgoingRequest;
}

type Credential = string | (() => string | Promise<string>);

interface EventBase extends EventOrigin {
    readonly time: number;
    readonly scope: string | undefined;
    readonly acquisition?: number | undefined;
}

interface EventOrigin {
    readonly clientId?: string;
    readonly server?: string;
    readonly key?: string | undefined;
}

type Fetch = (url: string, options: FetchOptions) => Promise<FetchedResponse>;

interface FetchOptions {
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly body?: URLSearchParams;
    readonly redirect: 'manual';
    readonly cache?: 'no-store';
    readonly signal: AbortSignal;
}

interface FetchedResponse {
    readonly status: number;
    readonly headers: {
        get(name: string): string | null;
    };
    text(): Promise<string>;
}

interface GetTokenOptions {
    readonly rejected?: string | undefined;
    readonly rejectedBy?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly claims?: string | undefined;
}

type HeaderList = Iterable<string | readonly [
    string,
    string
]>;

interface Hop {
    readonly url: string;
    readonly init: RequestInit;
    readonly request?: Request | undefined;
    readonly hops: number;
}

interface IncomingResponse {
    readonly status: number;
    readonly headers: AnyHeaders;
    readonly url?: string | undefined;
    readonly redirected?: boolean | undefined;
    readonly carried?: boolean | undefined;
}

interface IntrospectingServer {
    readonly issuer: string;
    readonly token_endpoint: string;
    readonly introspection_endpoint: string;
    readonly token_endpoint_auth_methods_supported?: string[];
}

interface OutgoingRequest {
    readonly url: string;
    readonly method?: string | undefined;
    readonly signal?: AbortSignal | null | undefined;
    readonly headers?: AnyHeaders;
    readonly bearerAuth?: BearerAuthRequest | undefined;
}

type PassedReason = 'authorization' | 'origin' | 'own-endpoint' | 'opted-out' | 'insecure';

interface PresentedToken {
    readonly value: string;
    readonly type: 'Bearer' | 'DPoP';
    readonly headers: Readonly<Record<string, string>>;
}

interface ProofKey {
    readonly type: 'DPoP';
}

interface Redirect {
    readonly url: string;
    readonly method: string;
    readonly keepsBody: boolean;
    readonly left: readonly string[];
}

interface RedirectedRequest {
    readonly url: string;
    readonly method: string;
    readonly body: unknown;
    readonly hops: number;
}

type Refused = (answer: {
    readonly status: number;
    readonly headers: Headers;
}) => boolean | undefined;

interface RenewalOptions {
    readonly clock: Clock;
    readonly random: () => number;
    readonly refreshWindow: number | undefined;
    readonly expiryMargin: number | undefined;
}

interface RequestRules {
    readonly refused?: Refused | undefined;
}

interface Rules {
    readonly replace: boolean;
    allows(url: string): boolean;
    present(token: AnyToken): PresentedToken;
}

interface ServerOptions {
    readonly issuer?: string | URL | undefined;
    readonly tokenEndpoint?: string | URL | undefined;
    readonly revocationEndpoint?: string | URL | undefined;
    readonly headers?: Readonly<Record<string, Credential>> | undefined;
    readonly fetch?: Fetch | undefined;
}

interface SharedStore {
    readonly store: TokenStore;
}

interface SourceOptions extends TokenParameters {
    readonly refreshWindow?: number | undefined;
    readonly expiryMargin?: number | undefined;
    readonly assumedLifetime?: number | undefined;
    readonly timeout?: number | undefined;
    readonly patience?: number | undefined;
    readonly maxCachedTokens?: number | undefined;
    readonly store?: SharedStore | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
    readonly waitUntil?: ((renewal: Promise<unknown>) => void) | undefined;
    readonly onEvent?: TokenEventListener | undefined;
    readonly allowInsecureRequests?: boolean | undefined;
}

declare class SpareBody {
    #private;
    bytes: Uint8Array<ArrayBuffer> | undefined;
    private constructor();
    static of(request: Request): SpareBody | undefined;
    abandon(reason: unknown): void;
}

type StoreFailureReason = 'timeout' | 'error' | 'unreadable' | 'busy';

type StoreOperation = 'get' | 'set' | 'lease' | 'release';

interface StoredValue {
    readonly value: string;
    readonly lifetime?: number | undefined;
}

type TokenErrorCode = 'ERR_DISCOVERY_REQUEST' | 'ERR_DISCOVERY_RESPONSE' | 'ERR_ISSUER_MISMATCH' | 'ERR_TOKEN_REQUEST' | 'ERR_TOKEN_TIMEOUT' | 'ERR_TOKEN_RESPONSE' | 'ERR_TOKEN_REJECTED' | 'ERR_OAUTH_RESPONSE';

type TokenEvent = TokenEventDetails & EventBase;

type TokenEventDetails = {
    readonly type: 'served';
    readonly phase: 'fresh' | 'ageing' | 'late' | 'rejected';
} | {
    readonly type: 'missed';
    readonly phase: 'missing' | 'expired' | 'late' | 'rejected';
} | {
    readonly type: 'joined';
} | {
    readonly type: 'requested';
    readonly background: boolean;
} | {
    readonly type: 'acquired';
    readonly duration: number;
    readonly lifetime: number;
    readonly left: number;
} | {
    readonly type: 'failed';
    readonly duration: number;
    readonly code: TokenErrorCode;
    readonly transient: boolean;
} | {
    readonly type: 'skipped';
    readonly code: TokenErrorCode;
    readonly wait: number;
} | {
    readonly type: 'rejected';
} | {
    readonly type: 'unbound';
} | {
    readonly type: 'revoked';
    readonly atServer: boolean;
} | {
    readonly type: 'discarded';
    readonly reason: 'same-token' | 'earlier-expiry';
} | {
    readonly type: 'aborted';
} | {
    readonly type: 'passed';
    readonly reason: PassedReason;
} | {
    readonly type: 'replayed';
} | {
    readonly type: 'store-hit';
    readonly duration: number;
    readonly lifetime: number;
    readonly left: number;
} | {
    readonly type: 'store-miss';
} | {
    readonly type: 'store-failed';
    readonly operation: StoreOperation;
    readonly reason: StoreFailureReason;
    readonly code: string | undefined;
};

type TokenEventListener = (event: TokenEvent) => void;

interface TokenGrant {
    readonly type: string;
}

interface TokenParameters {
    readonly scope?: string | readonly string[] | undefined;
    readonly resource?: string | readonly string[] | undefined;
    readonly audience?: string | readonly string[] | undefined;
    readonly parameters?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

interface TokenSource {
    getToken(options?: GetTokenOptions): Promise<AnyToken>;
    with?(parameters: TokenParameters): TokenSource;
    readonly allowInsecureRequests?: boolean;
}

interface TokenSourceOptions extends ServerOptions, ClientOptions, SourceOptions {
}

interface TokenStore {
    get(key: string): Promise<StoredValue | undefined>;
    set(key: string, value: string, lifetime: number): Promise<void>;
    lease(key: string, owner: string, duration: number): Promise<boolean>;
    release(key: string, owner: string): Promise<void>;
    readonly timeout?: number | undefined;
    readonly authentic?: boolean | undefined;
}

interface Tried {
    readonly nonce?: true;
    readonly token?: true;
}

declare function abandon(body: unknown, reason?: unknown): void;

declare function absoluteUrl(url: string): string;

declare function asRedirected(response: Response): Response;

declare function causesOf(error: unknown): object[];

declare function conceal(request: unknown): void;

declare function concealHeaders(headers: object | undefined): void;

declare function discard({ body, bodyUsed }: Pick<Response, 'body' | 'bodyUsed'>): void;

declare function followsByHand(authorizer: Authorizer, fetch: unknown): boolean;

declare global {
    interface SymbolConstructor {
        readonly asyncDispose: unique symbol;
    }
}

declare function introspect(options: TokenSourceOptions, server: IntrospectingServer, token: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;

declare function invalidOption(message: string): TypeError & {
    readonly code: 'ERR_INVALID_OPTION';
};

declare function isSameOrigin(one: string, other: string): boolean;

declare function joinFlatHeaders(headers: HeaderList, more: Readonly<Record<string, string>>): string[];

declare function joinHeaders<Value>(headers: Readonly<Record<string, Value>> | undefined, more: Readonly<Record<string, string>>): Record<string, Value | string>;

declare function keep(response: Response): Promise<Response>;

declare function kindOf(body: unknown): string;

declare function metadataPlaces(issuer: URL): [
    string,
    string
];

declare function nextHop(response: Response, { url, init, request, hops }: Hop): Hop | undefined;

declare function ownValue<T extends object, Name extends keyof T>(value: T, name: Name): T[Name] | undefined;

declare function parseChallenges(header: string): Challenge[];

declare function readDuration(name: string, value: number | undefined, least?: number): number | undefined;

declare function readOptions<T extends object>(owner: string, options: T, names: readonly (keyof T & string)[]): T;

declare function redact(text: string, secrets?: readonly string[]): string;

declare function redirectOf({ status, headers }: {
    readonly status: number;
    readonly headers: AnyHeaders;
}, { url, method, body, hops }: RedirectedRequest): Redirect | undefined;

declare function renewAfter(error: unknown, authorized: AuthorizedRequest): void;

declare function renewalAges({ lifetime, refreshIn }: {
    readonly lifetime: number;
    readonly refreshIn: number | undefined;
}, { random, refreshWindow, expiryMargin }: Omit<RenewalOptions, 'clock'>): {
    readonly ageing: number;
    readonly late: number;
};

declare function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T>;

declare function wrongClient(expected: string): TypeError;

export type { AnyHeaders, Challenge, Hop, IncomingResponse, IntrospectingServer, OutgoingRequest, Redirect };

export { AuthorizedRequest, Authorizer, SpareBody, abandon, absoluteUrl, asRedirected, causesOf, conceal, concealHeaders, discard, followsByHand, introspect, invalidOption, isSameOrigin, joinFlatHeaders, joinHeaders, keep, kindOf, metadataPlaces, nextHop, ownValue, parseChallenges, readDuration, readOptions, redact, redirectOf, renewAfter, renewalAges, untilAborted, wrongClient };
