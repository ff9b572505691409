import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose';
import { type Answer, unauthorized } from './answer.ts';
import type { ReceivedRequest } from './api-server.ts';
import type { IdentityServer } from './identity-server.ts';
import { audience } from './provider.ts';

const seconds = 1_000;

/**
 * What stands before an API that takes only tokens that are bound to a key, as JWTs: it verifies token and proof of each
 * request, as strictly as RFC 9449 §4.3 lets it.
 *
 * @example
 * ```ts
 * const guard = new DPoPGuard(identity, api.origin);
 * api.refuse = (request) => guard.refuse(request);
 * ```
 */
export class DPoPGuard {
  /** What every proof must hold from now on, if anything. */
  nonce: string | undefined;
  /** The time that proofs are measured by. */
  now: () => number = Date.now;
  /** The claims of all proofs that were accepted. */
  readonly accepted: JWTPayload[] = [];
  /** The thumbprint of the key of the last token. */
  thumbprint: string | undefined;
  readonly #identity: IdentityServer;
  readonly #origin: string;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #used: Set<unknown> = new Set();

  constructor(identity: IdentityServer, origin: string) {
    this.#identity = identity;
    this.#origin = origin;
    this.#keys = createRemoteJWKSet(new URL(`${identity.issuer}/jwks`));
  }

  /** The answer to a request that must not pass. */
  async refuse(request: ReceivedRequest): Promise<Answer | undefined> {
    const [, token] = /^DPoP (\S+)$/.exec(request.authorization ?? '') ?? [];
    if (token === undefined) return unauthorized('DPoP algs="ES256"');
    try {
      return await this.#judge(token, request);
    } catch (error) {
      return refusal('invalid_dpop_proof', (error as Error).message);
    }
  }

  async #judge(token: string, { method, url, headers }: ReceivedRequest): Promise<Answer | undefined> {
    const { issuer } = this.#identity;
    const { payload } = await jwtVerify(token, this.#keys, { issuer, audience, typ: 'at+jwt' });
    const { jkt } = payload['cnf'] as { jkt?: string };
    const proof = await jwtVerify(String(headers['dpop']), EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(this.now()),
      maxTokenAge: 60,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    });
    const claims = proof.payload;
    const { pathname } = new URL(url, this.#origin);
    this.thumbprint = await calculateJwkThumbprint(proof.protectedHeader.jwk ?? {});
    const right: Record<string, boolean> = {
      cnf: jkt === this.thumbprint,
      'private key': !('d' in (proof.protectedHeader.jwk ?? {})),
      htm: claims['htm'] === method,
      htu: claims['htu'] === `${this.#origin}${pathname}`,
      ath: claims['ath'] === createHash('sha256').update(token).digest('base64url'),
      iat: Math.abs(Number(claims.iat) * seconds - this.now()) < 60 * seconds,
      jti: !this.#used.has(claims.jti),
    };
    const wrong = Object.keys(right).filter((name) => !right[name]);
    if (wrong.length > 0) return refusal('invalid_dpop_proof', wrong.join());
    this.#used.add(claims.jti);
    if (claims['nonce'] !== this.nonce && this.nonce !== undefined) return demand(this.nonce);
    if (!this.#identity.accepts(token)) return refusal('invalid_token', 'revoked');
    this.accepted.push(claims);
    return undefined;
  }
}

/** What an API answers that wants this nonce in the next proof. */
export function demand(nonce: string): Answer {
  return unauthorized('DPoP error="use_dpop_nonce"', {
    headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': nonce },
  });
}

function refusal(error: string, description: string): Answer {
  return unauthorized(`DPoP error="${error}", error_description="${description.replaceAll(/[^ -~]|["\\]/g, ' ')}"`);
}
