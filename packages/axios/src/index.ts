export * from '@tokenline/core';
export { type AxiosClient, bearerAuth } from './bearer-auth.ts';
