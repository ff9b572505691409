declare module 'axios-token-interceptor' {
  import type { InternalAxiosRequestConfig } from 'axios';

  interface Options<T> {
    getToken(): Promise<T>;
    headerFormatter(token: T): string;
  }

  function tokenProvider<T>(
    options: Options<T>,
  ): (config: InternalAxiosRequestConfig) => Promise<InternalAxiosRequestConfig>;

  namespace tokenProvider {
    function tokenCache<T>(getToken: () => Promise<T>, options: { getMaxAge(token: T): number }): () => Promise<T>;
  }

  export = tokenProvider;
}

declare module 'simple-oauth2' {
  interface AccessToken {
    readonly token: { readonly access_token: string };
    expired(windowSeconds?: number): boolean;
  }

  export class ClientCredentials {
    constructor(options: {
      client: { id: string; secret: string };
      auth: { tokenHost: string; tokenPath: string };
      options?: { authorizationMethod: 'body' | 'header' };
    });
    getToken(parameters: { scope: string }): Promise<AccessToken>;
  }
}
