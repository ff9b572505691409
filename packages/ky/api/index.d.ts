import { TokenSource, BearerAuthOptions } from '@tokenline/core';

import { KyInstance } from 'ky';

declare function bearerAuth<Ky extends KyInstance>(client: Ky, source: TokenSource, options?: BearerAuthOptions): Ky;

export * from '@tokenline/core';

export { bearerAuth };
