import { TokenSource, BearerAuthOptions } from '@tokenline/core';

import { Dispatcher } from 'undici';

declare function bearerAuth<D extends Dispatcher>(dispatcher: D, source: TokenSource, options?: BearerAuthOptions): D;

export * from '@tokenline/core';

export { bearerAuth };
