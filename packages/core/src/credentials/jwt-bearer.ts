import type { Credential } from './credential.ts';
import { invalidOption } from '../common/errors.ts';
import { grantOf, type TokenGrant } from './grant.ts';

/**
 * Asks for tokens with an assertion, a JWT that names whom the client acts for. One source is for one subject: its
 * tokens are kept and shared whoever asks.
 *
 * @param options - `assertion`: the JWT, or what reads it, at every token request.
 * @example
 * ```ts
 * createTokenSource({ ...client, grant: jwtBearer({ assertion: () => sign({ sub: 'alice' }) }) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when the assertion is neither a string nor a function.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1 | RFC 7523 §2.1}
 */
export function jwtBearer(options: { readonly assertion: Credential }): TokenGrant {
  if (options?.assertion === undefined) throw invalidOption('jwtBearer takes an object: { assertion }');
  return grantOf('urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: options.assertion });
}
