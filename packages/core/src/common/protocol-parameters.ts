import { invalidOption } from './errors.ts';

// What the protocol sets by itself (RFC 6749, 7521, 8707), or what has an option of its own.
const reserved: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
  'audience',
]);

/** @throws TypeError (`ERR_INVALID_OPTION`) when a parameter of the user's own would stand in for one of the protocol. */
export function assertFree(name: string, grant: readonly string[] = []): void {
  if (reserved.has(name)) throw invalidOption(`parameters must not set "${name}": there is an option for it`);
  if (grant.includes(name)) throw invalidOption(`parameters must not set "${name}": the grant does`);
}
