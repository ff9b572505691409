import { readOptions } from '../common/options.ts';
import type { Credential } from './credential.ts';
import { type TokenGrant, tokenGrant } from './grant.ts';

/**
 * Requests tokens with an assertion, a JWT that names the subject that the client acts for. Use one source for each
 * subject: a source gives its tokens to whoever asks.
 *
 * @param options - `assertion`: the JWT, or a function that returns it and is called for every token request.
 * @example
 * ```ts
 * createTokenSource({ ...client, grant: jwtBearer({ assertion: () => sign({ sub: 'alice' }) }) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when the assertion is neither a string nor a function, or an option does not
 * exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1 | RFC 7523 §2.1}
 */
export function jwtBearer(options: { readonly assertion: Credential }): TokenGrant {
  const own = readOptions('jwtBearer', options, ['assertion']);
  // A required option: its absence is refused like a malformed one.
  return tokenGrant('urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: own.assertion ?? '' });
}
