interface AccessToken {
    readonly value: string;
    readonly type: 'Bearer' | 'DPoP';
    readonly expiresAt: number | undefined;
    readonly scope: string | undefined;
}

interface AcquireRequest {
    readonly signal: AbortSignal;
    readonly scope: string | undefined;
    readonly resource: readonly string[];
    readonly audience: readonly string[];
    readonly parameters: Readonly<Record<string, string | readonly string[]>>;
    readonly rejected: string | undefined;
    readonly claims: string | undefined;
}

interface AcquisitionTrace extends EventOrigin {
    readonly scope: string | undefined;
    readonly acquisition: number;
    readonly background: boolean;
    event?: TokenEventDetails;
    run?: <T>(work: () => Promise<T>) => Promise<T>;
}

type AnyToken = Pick<AccessToken, 'value'> & Partial<AccessToken>;

type AssertionAudience = 'issuer' | 'token_endpoint' | (string & {});

interface BearerAuthOptions {
    readonly origins?: readonly (string | URL)[] | undefined;
    readonly refused?: Refused | undefined;
    readonly scheme?: string | undefined;
    readonly replace?: boolean | undefined;
}

type BearerAuthRequest = false | (TokenParameters & RequestRules);

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

interface ClientTokenSource extends TokenSource {
    getToken(options?: GetTokenOptions): Promise<AccessToken>;
    with(parameters: TokenParameters): ClientTokenSource;
    refuse(value: string): void;
    revoke(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    readonly allowInsecureRequests: boolean;
}

interface Clock {
    now(): number;
    monotonic(): number;
    startTimer?(callback: () => void, duration: number): () => void;
}

type Credential = string | (() => string | Promise<string>);

interface CustomToken {
    readonly value: string;
    readonly expiresIn?: number | null | undefined;
    readonly expiresAt?: number | Date | null | undefined;
    readonly refreshIn?: number | null | undefined;
    readonly type?: 'Bearer' | undefined;
    readonly scope?: string | null | undefined;
}

interface CustomTokenSourceOptions extends SourceOptions {
    readonly acquire: (request: AcquireRequest) => CustomToken | Promise<CustomToken>;
    readonly key?: string | undefined;
}

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

type JwkText = 'alg' | 'crv' | 'd' | 'dp' | 'dq' | 'e' | 'k' | 'kid' | 'kty' | 'n' | 'p' | 'q' | 'qi' | 'use' | 'x' | 'y';

declare class OAuthError extends TokenError {
    readonly name: string;
    readonly error: string;
    readonly errorDescription?: string;
    readonly errorUri?: string;
    constructor(message: string, answer: {
        error: string;
        errorDescription?: string | undefined;
        errorUri?: string | undefined;
    }, details?: TokenErrorDetails);
    static [Symbol.hasInstance](value: unknown): boolean;
}

type PassedReason = 'authorization' | 'origin' | 'own-endpoint' | 'opted-out' | 'insecure';

interface PrivateJwk extends Readonly<Partial<Record<JwkText, string | undefined>>> {
    readonly ext?: boolean | undefined;
    readonly key_ops?: readonly string[] | undefined;
    readonly oth?: readonly object[] | undefined;
}

type PrivateKey = WebCryptoKey | PrivateJwk | string;

interface PrivateKeyJwtOptions {
    readonly key: PrivateKey;
    readonly kid?: string | undefined;
    readonly algorithm?: SigningAlgorithm | undefined;
    readonly audience?: AssertionAudience | undefined;
    readonly header?: Readonly<Record<string, unknown>> | undefined;
}

interface ProofKey {
    readonly type: 'DPoP';
}

interface ProofKeyOptions {
    readonly keyPair?: {
        readonly privateKey: WebCryptoKey;
        readonly publicKey: WebCryptoKey;
    } | undefined;
    readonly algorithm?: 'ES256' | 'PS256' | 'RS256' | 'Ed25519' | undefined;
    readonly required?: boolean | undefined;
}

interface RefreshTokenOptions {
    readonly load: () => string | Promise<string>;
    readonly save: (refreshToken: string) => unknown;
}

type Refused = (answer: {
    readonly status: number;
    readonly headers: Headers;
}) => boolean | undefined;

interface RequestRules {
    readonly refused?: Refused | undefined;
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

type SigningAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | 'Ed25519';

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

type StoreFailureReason = 'timeout' | 'error' | 'unreadable' | 'busy';

type StoreOperation = 'get' | 'set' | 'lease' | 'release';

interface StoreReport extends EventOrigin {
    readonly operation: StoreOperation;
    readonly outcome: 'hit' | 'miss' | 'granted' | 'denied' | 'done' | 'aborted' | Exclude<StoreFailureReason, 'busy'>;
}

interface StoredValue {
    readonly value: string;
    readonly lifetime?: number | undefined;
}

declare class TokenError extends Error {
    readonly name: string;
    readonly code: TokenErrorCode;
    readonly transient: boolean;
    readonly status?: number;
    readonly retryAfter?: number;
    constructor(code: TokenErrorCode, message: string, details?: TokenErrorDetails);
    static [Symbol.hasInstance](value: unknown): boolean;
    toJSON(): object;
}

type TokenErrorCode = 'ERR_DISCOVERY_REQUEST' | 'ERR_DISCOVERY_RESPONSE' | 'ERR_ISSUER_MISMATCH' | 'ERR_TOKEN_REQUEST' | 'ERR_TOKEN_TIMEOUT' | 'ERR_TOKEN_RESPONSE' | 'ERR_TOKEN_REJECTED' | 'ERR_OAUTH_RESPONSE';

interface TokenErrorDetails {
    readonly transient?: boolean | undefined;
    readonly status?: number | undefined;
    readonly retryAfter?: number | undefined;
    readonly cause?: unknown;
    readonly secrets?: readonly string[] | undefined;
}

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

interface TokenExchangeOptions {
    readonly subjectToken: Credential;
    readonly subjectTokenType: string;
    readonly actorToken?: Credential | undefined;
    readonly actorTokenType?: string | undefined;
    readonly requestedTokenType?: string | undefined;
}

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

interface WebCryptoKey {
    readonly type: string;
    readonly extractable: boolean;
    readonly algorithm: {
        readonly name: string;
    };
    readonly usages: readonly string[];
}

declare function clientAssertion(read: () => string | Promise<string>): ClientAuthentication;

declare function clientSecretBasic(options?: {
    readonly encoding?: 'form' | 'raw' | undefined;
}): ClientAuthentication;

declare function clientSecretJwt(options?: {
    readonly audience?: AssertionAudience | undefined;
}): ClientAuthentication;

declare function createCustomTokenSource(options: CustomTokenSourceOptions): ClientTokenSource;

declare function createTokenSource(options: TokenSourceOptions): ClientTokenSource;

declare function extensionGrant(type: string, parameters?: Readonly<Record<string, Credential>>): TokenGrant;

declare global {
    interface SymbolConstructor {
        readonly asyncDispose: unique symbol;
    }
}

declare function isTokenError(error: unknown): boolean;

declare function jwtBearer(options: {
    readonly assertion: Credential;
}): TokenGrant;

declare function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication;

declare function proofKey(options?: ProofKeyOptions): ProofKey;

declare function refreshToken(options: RefreshTokenOptions): TokenGrant;

declare function selfSignedTlsClientAuth(): ClientAuthentication;

declare function sharedStore(store: TokenStore): SharedStore;

declare function tlsClientAuth(): ClientAuthentication;

declare function tokenErrorOf(error: unknown): TokenError | undefined;

declare function tokenExchange(options: TokenExchangeOptions): TokenGrant;

export type { AccessToken, AcquireRequest, AcquisitionTrace, AnyToken, AssertionAudience, BearerAuthOptions, BearerAuthRequest, ClientAuthentication, ClientAuthenticationMethod, ClientTokenSource, Clock, Credential, CustomToken, CustomTokenSourceOptions, EventOrigin, Fetch, FetchOptions, FetchedResponse, GetTokenOptions, PrivateJwk, PrivateKey, PrivateKeyJwtOptions, ProofKey, ProofKeyOptions, RefreshTokenOptions, Refused, SharedStore, SigningAlgorithm, StoreFailureReason, StoreOperation, StoreReport, StoredValue, TokenErrorCode, TokenErrorDetails, TokenEvent, TokenEventDetails, TokenEventListener, TokenExchangeOptions, TokenGrant, TokenParameters, TokenSource, TokenSourceOptions, TokenStore, WebCryptoKey };

export { OAuthError, TokenError, clientAssertion, clientSecretBasic, clientSecretJwt, createCustomTokenSource, createTokenSource, extensionGrant, isTokenError, jwtBearer, privateKeyJwt, proofKey, refreshToken, selfSignedTlsClientAuth, sharedStore, tlsClientAuth, tokenErrorOf, tokenExchange };
