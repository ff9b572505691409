import { createLocalJWKSet, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { RegisteredClient } from './client-registration.ts';
import { invalidClient } from './refusal.ts';
import type { Replays } from './replays.ts';

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const assertionAlgorithms = {
  client_secret_jwt: ['HS256', 'HS384', 'HS512'],
  private_key_jwt: ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'],
} as const;

/** What a client assertion is checked against. */
export interface AssertionRules {
  readonly client: RegisteredClient;
  /** Each names this server. */
  readonly audience: readonly string[];
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
  readonly used: Replays;
}

/**
 * Checks that an assertion is of this client, for this server, valid now, and was never used before.
 *
 * @throws Refusal (`invalid_client`).
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 | RFC 7523 §3}
 */
export async function checkAssertion(
  assertion: string,
  { client, audience, now, used }: AssertionRules,
): Promise<void> {
  const { id, secret, method, algorithm, keys } = client;
  const options: JWTVerifyOptions = {
    issuer: id,
    subject: id,
    audience: [...audience],
    algorithms: algorithm ? [algorithm] : [...assertionAlgorithms[method as keyof typeof assertionAlgorithms]],
    requiredClaims: ['exp', 'jti'],
    currentDate: new Date(now),
  };
  const { exp = 0, jti, aud } = await verify(assertion, method === 'private_key_jwt' ? keys : secret, options);
  if ([aud].flat().some((each) => typeof each !== 'string'))
    throw invalidClient('the aud of the client_assertion is no text');
  if (typeof jti !== 'string' || jti === '') throw invalidClient('the jti of the client_assertion is no text');
  if (!used.isNew(`${id} ${jti}`, exp * 1_000, now)) throw invalidClient('the client_assertion was used before');
}

async function verify(
  assertion: string,
  key: RegisteredClient['keys'] | string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    const { payload } =
      typeof key === 'string'
        ? await jwtVerify(assertion, new TextEncoder().encode(key), options)
        : await jwtVerify(assertion, createLocalJWKSet(key), options);
    return payload;
  } catch (error) {
    throw invalidClient(`the client_assertion is refused: ${(error as Error).message}`);
  }
}
