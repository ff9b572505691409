import { causesOf } from '../common/causes.ts';
import type { AuthorizedRequest } from './authorized-request.ts';

/**
 * Renews the token for the next request where a `fetch` gives an error in place of a 401. Some do when the body was a stream:
 * undici 7.24, and with it Node 24.14 and 24.15.
 */
export function renewAfter(error: unknown, authorized: AuthorizedRequest): void {
  if (causesOf(error).some((cause) => (cause as Error).message === 'expected non-null body source'))
    void authorized.retry({ status: 401, headers: undefined }, { gone: true });
}
