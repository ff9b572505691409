import { TokenSource, BearerAuthOptions } from '@tokenline/core';

type Fetch = (...parameters: never[]) => Promise<Pick<Response, 'status' | 'url'>>;

declare function bearerAuth<F extends Fetch>(fetch: F, source: TokenSource, options?: BearerAuthOptions): F;

export * from '@tokenline/core';

export { bearerAuth };
