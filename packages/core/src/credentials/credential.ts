import { TokenError } from '../common/errors.ts';

/**
 * A secret, an assertion or a token; or a function that returns it, or a promise of it. The function is called for every
 * token request. When it throws or returns no text, that request fails with a `TokenError` (`ERR_TOKEN_REQUEST`).
 */
export type Credential = string | (() => string | Promise<string>);

/**
 * Reads a credential as it is now.
 *
 * @throws TokenError (`ERR_TOKEN_REQUEST`) when the function fails or returns no text.
 */
export async function readCredential(name: string, credential: Credential): Promise<string> {
  if (typeof credential === 'string') return credential;
  const value: unknown = await (async () => credential())().catch((cause: unknown) => {
    throw new TokenError('ERR_TOKEN_REQUEST', `the ${name} function failed`, { transient: true, cause });
  });
  if (typeof value === 'string' && value !== '') return value;
  throw new TokenError('ERR_TOKEN_REQUEST', `the ${name} function must return a string that is not empty`);
}

/** Whether a value can be a credential. */
export function isCredential(value: unknown): value is Credential {
  return typeof value === 'function' || (typeof value === 'string' && value !== '');
}
