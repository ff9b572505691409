import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  modifyAssertion,
  protectedResourceRequest,
} from 'oauth4webapi';
import type { AccessToken } from './access-token.ts';
import type { Clock } from './clock.ts';
import { invalidOption } from './errors.ts';
import type { DPoPOptions } from './options.ts';

/**
 * The key that DPoP tokens are bound to, and what servers have asked the next proof to contain.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html | RFC 9449}
 */
export class ProofKey {
  readonly #options: DPoPOptions;
  readonly #clock: Clock;
  /** The latest nonce of each API; those of the token endpoint are the handle's affair. */
  readonly #nonces: Map<string, string> = new Map();
  #handle: Promise<DPoPHandle> | undefined;

  constructor(options: DPoPOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** What signs the proofs of token requests. The key pair is made when it is first needed. */
  get handle(): Promise<DPoPHandle> {
    this.#handle ??= this.#makeHandle().catch((error: unknown) => {
      // A failure is not kept: the next token request tries anew.
      this.#handle = undefined;
      throw error;
    });
    return this.#handle;
  }

  async #makeHandle(): Promise<DPoPHandle> {
    const { algorithm = 'ES256', keyPair } = this.#options;
    return DPoP({}, keyPair ?? (await generateKeyPair(algorithm)), {
      [modifyAssertion]: (_header, payload) => {
        payload['iat'] = Math.floor(this.#clock.now() / 1_000);
        // An API may share its origin with the token endpoint, and still not its nonces.
        const { ath, htu } = payload;
        if (ath !== undefined) payload['nonce'] = this.#nonces.get(new URL(htu as string).origin);
      },
    });
  }

  /** A proof for one request to an API. */
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

  /** Remembers what an API wants to find in the next proof. */
  learn(url: string, nonce: string): void {
    this.#nonces.set(new URL(url).origin, nonce);
  }
}

const algorithms = ['ES256', 'PS256', 'RS256', 'Ed25519'];

/** @throws TypeError (`ERR_INVALID_OPTION`) when the option is malformed. */
export function readProofKey(dpop: true | DPoPOptions | undefined, clock: Clock): ProofKey | undefined {
  if (dpop === undefined) return undefined;
  if (dpop !== true && (typeof dpop !== 'object' || dpop === null))
    throw invalidOption('dpop must be true or an object');
  const { keyPair, algorithm, ...others } = dpop === true ? {} : dpop;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidOption(`dpop has no option "${unknown}", only keyPair and algorithm`);
  if (algorithm !== undefined && !algorithms.includes(algorithm))
    throw invalidOption(`dpop.algorithm must be one of ${algorithms.join(', ')}`);
  if (keyPair === undefined) return new ProofKey({ algorithm }, clock);
  if (algorithm !== undefined) throw invalidOption('dpop takes keyPair or algorithm: the key pair has its own');
  if (!keyPair?.privateKey?.usages?.includes('sign') || !keyPair.publicKey?.extractable)
    throw invalidOption('dpop.keyPair must be a CryptoKeyPair that signs, and whose public key is extractable');
  return new ProofKey({ keyPair }, clock);
}
