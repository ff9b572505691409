import { BearerAuthRequest, TokenSource, BearerAuthOptions } from '@tokenline/core';

declare module 'axios' {
    interface AxiosRequestConfig {
        bearerAuth?: BearerAuthRequest;
    }
}

interface AxiosClient {
    readonly defaults: {
        baseURL?: string | undefined;
    };
    readonly interceptors: {
        readonly request: {
            use(...handlers: never[]): number;
        };
    };
}

declare function bearerAuth<Axios extends AxiosClient>(client: Axios, source: TokenSource, options?: BearerAuthOptions): Axios;

export * from '@tokenline/core';

export type { AxiosClient };

export { bearerAuth };
