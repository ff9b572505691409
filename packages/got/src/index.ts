export * from '@tokenline/core';
export { bearerAuth, type BearerAuthContext } from './bearer-auth.ts';
