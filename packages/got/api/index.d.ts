import { BearerAuthRequest, TokenSource, BearerAuthOptions } from '@tokenline/core';

import { Got } from 'got';

interface BearerAuthContext {
    readonly bearerAuth?: BearerAuthRequest | undefined;
}

declare function bearerAuth<Client extends Got>(client: Client, source: TokenSource, options?: BearerAuthOptions): Client;

export * from '@tokenline/core';

export type { BearerAuthContext };

export { bearerAuth };
