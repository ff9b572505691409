export * from '@tokenline/core';
export { bearerAuth } from './bearer-auth.ts';
