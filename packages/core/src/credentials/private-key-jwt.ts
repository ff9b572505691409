import { PrivateKeyJwt } from 'oauth4webapi';
import { type AssertionAudience, readAudience, withClaims } from './assertion-claims.ts';
import { readOptions } from '../common/options.ts';
import { type ClientAuthentication, clientAuthentication } from './client-authentication.ts';
import { invalidOption } from '../common/errors.ts';
import { ownValue } from '../common/own.ts';
import { type PrivateJwk, type PrivateKey, readPrivateKey, type SigningAlgorithm } from './private-key.ts';

/** The options of {@link privateKeyJwt}. */
export interface PrivateKeyJwtOptions {
  /** The private key whose public part is registered at the server. */
  readonly key: PrivateKey;
  /** Names the key, for a server that knows several keys of the client. @defaultValue the `kid` of a JWK */
  readonly kid?: string | undefined;
  /**
   * The algorithm of the signature.
   * @defaultValue that of the key: of a `CryptoKey`, or the `alg` of a JWK; otherwise `ES256`, `RS256` or `EdDSA`
   */
  readonly algorithm?: SigningAlgorithm | undefined;
  /** The `aud` of the assertion. Older servers accept only `'token_endpoint'`. @defaultValue `'issuer'` */
  readonly audience?: AssertionAudience | undefined;
  /**
   * Further fields of the assertion's header: `{ 'x5t#S256': thumbprint }` where the server knows the key by its certificate.
   * @defaultValue none
   */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Authenticates the client with an assertion that it signs with its private key: a new one for each attempt, valid for a
 * minute.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientAuthentication: privateKeyJwt({ key: process.env.PRIVATE_KEY! }) });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when the key is not a private key or does not fit the algorithm, or an
 * option is malformed or does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 | RFC 7523 §2.2} and OpenID Connect Core 1.0 §9
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication {
  const own = readOptions('privateKeyJwt', options, ['key', 'kid', 'algorithm', 'audience', 'header']);
  const { key } = own;
  if (key === undefined) throw invalidOption('privateKeyJwt takes an object of options with a key: { key }');
  const { algorithm, load } = readPrivateKey(key, own.algorithm);
  const audience = readAudience(own.audience);
  const kid = own.kid ?? (typeof key === 'object' ? ownValue(key as PrivateJwk, 'kid') : undefined);
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) throw invalidOption('kid must be a string');
  // It has a `kid` in any case, so that none is inherited on the way.
  const header = { kid: undefined, ...own.header, alg: algorithm, ...(kid === undefined ? {} : { kid }) };
  return clientAuthentication({
    method: 'private_key_jwt',
    authenticate:
      (_, clock) =>
      async (server, ...rest) =>
        PrivateKeyJwt(await load(), withClaims(server, audience, clock, header))(server, ...rest),
  });
}
