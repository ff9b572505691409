import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  modifyAssertion,
  protectedResourceRequest,
} from 'oauth4webapi';
import type { AccessToken } from '../common/access-token.ts';
import type { Answer } from '../server/answer.ts';
import type { Clock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';

/** The options of {@link proofKey}. */
export interface ProofKeyOptions {
  /** The key pair, whose public key must be extractable. @defaultValue one that is made when it is first needed */
  readonly keyPair?: CryptoKeyPair | undefined;
  /** The algorithm of a key pair that is made. Not every server takes another than the default. @defaultValue `'ES256'` */
  readonly algorithm?: 'ES256' | 'PS256' | 'RS256' | 'Ed25519' | undefined;
}

/** A key that tokens are bound to, as {@link proofKey} makes it. It shows nothing but how. */
export interface ProofKey {
  /** The type of the tokens that are bound to it. */
  readonly type: 'DPoP';
}

/** What stands behind a {@link ProofKey}. The key is in its function, where no log finds it. */
export interface ProvingKey extends ProofKey {
  /** Each source has its own clock, and learns nonces of its own. */
  prover(clock: Clock): Prover;
}

/** Proves for one source that it has the key, and knows what servers have asked the next proof to contain. */
export interface Prover {
  /** What signs the proofs of token requests. */
  readonly handle: Promise<DPoPHandle>;
  /** Whether the answer to a token request asks for another proof, with the nonce that it gives (RFC 9449 §8). */
  isAskedAgain(answer: Answer): boolean;
  /** A proof for one request to an API. */
  prove(method: string, url: string, token: AccessToken): Promise<string>;
  /** Remembers what an API wants to find in the next proof. */
  learn(url: string, nonce: string): void;
}

const algorithms = ['ES256', 'PS256', 'RS256', 'Ed25519'];

/**
 * Makes a key to bind tokens to (DPoP), so that nobody else can use them: each request, to the server and to an API, then
 * carries a proof of its own. The key pair is made when it is first needed, and its private key cannot be taken out of
 * the process. Sources that are given the same value have the key in common.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientSecret, dpop: proofKey() });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is malformed, or in contradiction with another.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html | RFC 9449}
 */
export function proofKey(options: ProofKeyOptions = {}): ProofKey {
  if (typeof options !== 'object' || options === null)
    throw invalidOption('proofKey takes an object: { keyPair } or { algorithm }');
  const { keyPair, algorithm, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidOption(`proofKey has no option "${unknown}", only keyPair and algorithm`);
  if (algorithm !== undefined && !algorithms.includes(algorithm))
    throw invalidOption(`the algorithm of proofKey must be one of ${algorithms.join(', ')}`);
  if (keyPair !== undefined) {
    if (algorithm !== undefined) throw invalidOption('proofKey takes keyPair or algorithm: the key pair has its own');
    if (!keyPair?.privateKey?.usages?.includes('sign') || !keyPair.publicKey?.extractable)
      throw invalidOption('keyPair must be a CryptoKeyPair that signs, and whose public key is extractable');
  }
  const read = untilItSucceeds(async () => keyPair ?? generateKeyPair(algorithm ?? 'ES256'));
  const key: ProvingKey = { type: 'DPoP', prover: (clock) => new SourceProver(read, clock) };
  return key;
}

class SourceProver implements Prover {
  /** The latest nonce of each API; those of the token endpoint are the handle's affair. */
  readonly #nonces: Map<string, string> = new Map();
  readonly #handle: () => Promise<DPoPHandle>;

  constructor(keyPair: () => Promise<CryptoKeyPair>, clock: Clock) {
    this.#handle = untilItSucceeds(async () =>
      DPoP({}, await keyPair(), {
        [modifyAssertion]: (_header, payload) => {
          payload['iat'] = Math.floor(clock.now() / 1_000);
          // An API may share its origin with the token endpoint, and still not its nonces.
          const { ath, htu } = payload;
          if (ath !== undefined) payload['nonce'] = this.#nonces.get(new URL(htu as string).origin);
        },
      }),
    );
  }

  get handle(): Promise<DPoPHandle> {
    return this.#handle();
  }

  isAskedAgain({ ok, headers, body }: Answer): boolean {
    return !ok && headers.has('dpop-nonce') && body?.['error'] === 'use_dpop_nonce';
  }

  async prove(method: string, url: string, token: AccessToken): Promise<string> {
    let proof = '';
    await protectedResourceRequest(token.value, method, new URL(url), undefined, undefined, {
      DPoP: await this.handle,
      [allowInsecureRequests]: true,
      // The request itself is the HTTP client's affair: here it is only signed.
      [customFetch]: async (_url, { headers }) => {
        proof = headers['dpop'] ?? '';
        return new Response();
      },
    });
    return proof;
  }

  learn(url: string, nonce: string): void {
    this.#nonces.set(new URL(url).origin, nonce);
  }
}

/** Calls it once for all. A failure is not kept: the next caller tries anew. */
function untilItSucceeds<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
