import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { Refusal } from './refusal.ts';
import type { Replays } from './replays.ts';

export const proofAlgorithms: readonly string[] = ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'];
/** How far from now, in milliseconds, the time of a proof may be. */
const tolerance = 60_000;

/** What a DPoP proof is checked against. */
export interface ProofRules {
  readonly method: string;
  readonly url: string;
  /** The token that the request carries, if it does. */
  readonly accessToken?: string | undefined;
  /** What the nonce of a proof must be; `undefined` where nonces do not matter. */
  readonly nonce: string | undefined;
  /** Whether the proof must have one. @defaultValue `true`, where there is a nonce */
  readonly requireNonce?: boolean | undefined;
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
  readonly used: Replays;
}

/**
 * Checks that a proof is for this request, made now, and was never used before; gives the thumbprint of its key.
 *
 * @throws Refusal (`invalid_dpop_proof`, or `use_dpop_nonce` with the nonce in a header).
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3 | RFC 9449 §4.3}
 */
export async function checkProof(proof: string, rules: ProofRules): Promise<string> {
  const { method, url, accessToken, nonce, requireNonce = true, now, used } = rules;
  const { payload, jwk } = await verify(proof, now);
  const { htm, htu, ath, jti, iat = 0, nonce: given } = payload;
  if (typeof jti !== 'string' || jti === '') throw invalidProof('jti is no text');
  const [target, claimed] = [url, typeof htu === 'string' ? htu : ''].map(withoutQuery);
  if (htm !== method) throw invalidProof('htm is not the method of the request');
  if (claimed === undefined || claimed !== target) throw invalidProof('htu is not the URL of the request');
  if (accessToken !== undefined && ath !== (await hash(accessToken))) throw invalidProof('ath is not of this token');
  if (Math.abs(now - iat * 1_000) > tolerance) throw invalidProof('iat is not recent');
  if (given !== undefined && typeof given !== 'string') throw invalidProof('nonce is no text');
  if (nonce !== undefined && given !== nonce && (requireNonce || given !== undefined))
    throw new Refusal('use_dpop_nonce', 'the DPoP proof needs this nonce', { headers: { 'dpop-nonce': nonce } });
  const thumbprint = await calculateJwkThumbprint(jwk);
  if (!used.isNew(`${thumbprint} ${jti}`, now + 2 * tolerance, now)) throw invalidProof('it was used before');
  return thumbprint;
}

async function verify(proof: string, now: number): Promise<{ payload: JWTPayload; jwk: JWK }> {
  try {
    const options = {
      typ: 'dpop+jwt',
      algorithms: [...proofAlgorithms],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      currentDate: new Date(now),
    };
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, options);
    return { payload, jwk: protectedHeader.jwk ?? {} };
  } catch (error) {
    throw invalidProof((error as Error).message);
  }
}

/** The SHA-256 of a text, in base64url. */
async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function withoutQuery(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  return Object.assign(new URL(url), { search: '', hash: '' }).href;
}

function invalidProof(description: string): Refusal {
  return new Refusal('invalid_dpop_proof', `the DPoP proof is refused: ${description}`);
}
