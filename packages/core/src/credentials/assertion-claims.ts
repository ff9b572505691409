import { type AuthorizationServer, modifyAssertion, type ModifyAssertionOptions } from 'oauth4webapi';
import type { Clock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';

/**
 * The `aud` of a client assertion: the server's issuer identifier, its token endpoint, or another string. Where only
 * `tokenEndpoint` was given, that is the issuer too.
 */
export type AssertionAudience = 'issuer' | 'token_endpoint' | (string & {});

/** @throws TypeError (`ERR_INVALID_OPTION`) when it is not an audience. */
export function readAudience(audience: AssertionAudience = 'issuer'): AssertionAudience {
  if (typeof audience !== 'string' || audience === '')
    throw invalidOption(`audience must be 'issuer', 'token_endpoint' or another string`);
  return audience;
}

/** Gives an assertion its audience, the time of the injected clock, and a life of a minute. */
export function withClaims(
  server: AuthorizationServer,
  audience: AssertionAudience,
  clock: Clock,
  header: Readonly<Record<string, unknown>> = {},
): ModifyAssertionOptions {
  const now = Math.floor(clock.now() / 1_000);
  const { issuer, token_endpoint: endpoint } = server;
  const aud = audience === 'issuer' ? issuer : audience === 'token_endpoint' ? endpoint : audience;
  return {
    [modifyAssertion]: (fields, claims) => {
      Object.assign(fields, header);
      Object.assign(claims, { aud, iat: now, nbf: now, exp: now + 60 });
    },
  };
}
