import { Clock, ClientTokenSource } from '@tokenline/core';

type Answer = (request: Request) => Response | Promise<Response>;

interface ApiRequest {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly status: number | undefined;
}

type AuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none';

interface ClientRegistration {
    readonly client_secret?: string | undefined;
    readonly token_endpoint_auth_method?: AuthenticationMethod | undefined;
    readonly token_endpoint_auth_signing_alg?: string | undefined;
    readonly jwks?: {
        readonly keys: readonly object[];
    } | undefined;
    readonly grant_types?: readonly string[] | undefined;
    readonly scope?: string | undefined;
    readonly dpop_bound_access_tokens?: boolean | undefined;
}

type Endpoint = 'token' | 'metadata' | 'jwks' | 'revocation' | 'introspection';

interface FailNextOptions<Endpoint extends string = string> extends NextOptions<Endpoint> {
    readonly status?: number | undefined;
    readonly error?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
}

declare abstract class FakeHost {
    #private;
    readonly fetch: typeof fetch;
    constructor(origin: string);
    get origin(): string;
    listen(options?: ListenOptions): Promise<this>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    handlers<Handler>(http: MswHttp<Handler>): Handler[];
    protected abstract handle(request: Request): Promise<Response>;
}

declare class FakeIdentityServer extends ScriptedHost<Endpoint> {
    #private;
    lifetime: number;
    accessTokenFormat: 'opaque' | 'jwt';
    requireNonce: boolean;
    readonly tokenRequests: readonly TokenRequest[];
    constructor(options: FakeIdentityServerOptions);
    get issuer(): string;
    get tokenEndpoint(): string;
    get revocationEndpoint(): string;
    get introspectionEndpoint(): string;
    get client(): {
        issuer: string;
        clientId: string;
        clientSecret: string;
        scope: string;
    };
    register(clientId: string, registration: ClientRegistration): void;
    get time(): number;
    introspect(token: string): IssuedToken | undefined;
    revoke(token: string): void;
    revokeAll(): void;
    rotateNonce(): void;
    protected handle(request: Request): Promise<Response>;
    protected answer(request: Request, endpoint: Endpoint): Promise<Response>;
}

interface FakeIdentityServerOptions {
    readonly issuer?: string | URL | undefined;
    readonly clients?: Readonly<Record<string, ClientRegistration>> | undefined;
    readonly scopes?: readonly string[] | undefined;
    readonly resources?: readonly string[] | undefined;
    readonly lifetime?: number | undefined;
    readonly accessTokenFormat?: 'opaque' | 'jwt' | undefined;
    readonly clock?: Pick<Clock, 'now'> | undefined;
}

interface HangingRequests {
    readonly arrived: Promise<void>;
    release(): void;
}

interface IssuedToken {
    readonly value: string;
    readonly clientId: string;
    readonly scope: string;
    readonly audience: readonly string[];
    readonly expiresAt: number;
    readonly thumbprint: string | undefined;
}

interface ListenOptions {
    readonly port?: number | undefined;
    readonly tls?: {
        readonly key: string;
        readonly cert: string;
    } | undefined;
}

interface MswHttp<Handler> {
    all(path: string, resolver: (info: {
        readonly request: Request;
    }) => Promise<Response>): Handler;
}

interface NextOptions<Endpoint extends string = string> {
    readonly times?: number | undefined;
    readonly endpoint?: Endpoint | undefined;
}

declare class ProtectedApi extends ScriptedHost<'api'> {
    #private;
    readonly requests: readonly ApiRequest[];
    nonce: string | undefined;
    constructor(server: FakeIdentityServer, options: ProtectedApiOptions);
    refuseNext(options?: {
        readonly challenge?: string | undefined;
        readonly status?: number | undefined;
    } & NextOptions<'api'>): void;
    revokeNext(options?: NextOptions<'api'>): void;
    redirectNext(location: string, options?: {
        readonly status?: number | undefined;
    } & NextOptions<'api'>): void;
    protected handle(request: Request): Promise<Response>;
    protected answer(request: Request): Promise<Response>;
}

interface ProtectedApiOptions {
    readonly origin?: string | URL | undefined;
    readonly scope?: string | undefined;
    readonly resource?: string | undefined;
    readonly respond?: ((request: Request) => Response | Promise<Response>) | undefined;
}

declare abstract class ScriptedHost<Endpoint extends string> extends FakeHost {
    #private;
    constructor(origin: string, mainEndpoint: Endpoint);
    failNext(options?: FailNextOptions<Endpoint>): void;
    hangNext(options?: NextOptions<Endpoint>): HangingRequests;
    dropNext(options?: NextOptions<Endpoint>): void;
    answerNext(answer: Response | Answer, options?: NextOptions<Endpoint>): void;
    recover(): void;
    protected respond(request: Request, endpoint: Endpoint): Promise<Response>;
    protected abstract answer(request: Request, endpoint: Endpoint): Promise<Response>;
}

declare class TestClock implements Clock {
    #private;
    constructor(start: number | Date);
    readonly now: () => number;
    readonly monotonic: () => number;
    readonly startTimer: (callback: () => void, duration: number) => (() => void);
    advance(milliseconds: number): void;
    advanceAsync(milliseconds: number): Promise<void>;
    setSystemTime(time: number | Date): void;
}

interface TokenRequest {
    readonly time: number;
    readonly form: Readonly<Record<string, string | readonly string[]>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly clientId: string | undefined;
    readonly clientAuthentication: AuthenticationMethod | undefined;
    readonly status: number | undefined;
    readonly error: string | undefined;
}

declare function failingTokenSource(error?: Error): ClientTokenSource;

declare function fakeIdentityServer(options?: FakeIdentityServerOptions): FakeIdentityServer;

declare function protectedApi(server: FakeIdentityServer, options?: ProtectedApiOptions): ProtectedApi;

declare function staticTokenSource(value: string): ClientTokenSource;

declare function testClock(start?: number | Date): TestClock;

export type { Answer, ApiRequest, AuthenticationMethod, ClientRegistration, Endpoint, FailNextOptions, FakeIdentityServerOptions, HangingRequests, IssuedToken, ListenOptions, MswHttp, NextOptions, ProtectedApiOptions, TokenRequest };

export { FakeIdentityServer, ProtectedApi, TestClock, failingTokenSource, fakeIdentityServer, protectedApi, staticTokenSource, testClock };
