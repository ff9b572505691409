import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  genericTokenEndpointRequest,
  modifyAssertion,
  None,
  protectedResourceRequest,
} from 'oauth4webapi';
import type { AnyToken } from '../common/access-token.ts';
import type { Clock } from '../common/clock.ts';
import { invalidOption } from '../common/errors.ts';
import { readBoolean, readOptions } from '../common/options.ts';
import type { WebCryptoKey } from './private-key.ts';
import { type ProofKey, proofKeys, type Prover } from './prover.ts';

/** The options of {@link proofKey}. */
export interface ProofKeyOptions {
  /** The key pair, whose public key must be extractable. @defaultValue a new one, made when it is first needed */
  readonly keyPair?: { readonly privateKey: WebCryptoKey; readonly publicKey: WebCryptoKey } | undefined;
  /** The algorithm of a new key pair. Some servers accept only the default. @defaultValue `'ES256'` */
  readonly algorithm?: 'ES256' | 'PS256' | 'RS256' | 'Ed25519' | undefined;
  /**
   * Whether a token that the server did not bind to the key is an error (`ERR_TOKEN_RESPONSE`). Otherwise it is used as a
   * bearer token, and the event `unbound` says so.
   * @defaultValue `false`
   */
  readonly required?: boolean | undefined;
}

const algorithms = ['ES256', 'PS256', 'RS256', 'Ed25519'];

/**
 * Makes a key to bind tokens to (DPoP), so that nobody else can use them: each request, to the server and to an API, then
 * carries a proof of its own. The key pair is made when it is first needed, and its private key cannot be extracted from
 * the process. Sources that are given the same value share the key.
 *
 * @example
 * ```ts
 * createTokenSource({ issuer, clientId, clientSecret, dpop: proofKey() });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is malformed, contradicts another or does not exist.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html | RFC 9449}
 */
export function proofKey(options: ProofKeyOptions = {}): ProofKey {
  const own = readOptions('proofKey', options, ['keyPair', 'algorithm', 'required']);
  const { keyPair, algorithm } = own;
  const required = readBoolean('required', own.required);
  if (algorithm !== undefined && !algorithms.includes(algorithm))
    throw invalidOption(`the algorithm of proofKey must be one of ${algorithms.join(', ')}`);
  if (keyPair !== undefined) {
    if (algorithm !== undefined) throw invalidOption('proofKey takes keyPair or algorithm: the key pair has its own');
    if (!keyPair?.privateKey?.usages?.includes('sign') || !keyPair.publicKey?.extractable)
      throw invalidOption('keyPair must be a CryptoKeyPair that signs, and whose public key is extractable');
  }
  const read = untilItSucceeds(
    async () => (keyPair as CryptoKeyPair | undefined) ?? generateKeyPair(algorithm ?? 'ES256'),
  );
  return proofKeys.hide({ type: 'DPoP' }, { prover: (clock) => new SourceProver(read, clock, required) });
}

class SourceProver implements Prover {
  /** The latest nonces, by {@link placeOf}. */
  readonly #nonces: Map<string, string> = new Map();
  readonly #handle: () => Promise<DPoPHandle>;
  readonly required: boolean;

  constructor(keyPair: () => Promise<CryptoKeyPair>, clock: Clock, required: boolean) {
    this.required = required;
    this.#handle = untilItSucceeds(async () =>
      DPoP({}, await keyPair(), {
        [modifyAssertion]: (_header, payload) => {
          const { ath, htu } = payload;
          payload['iat'] = Math.floor(clock.now() / 1_000);
          payload['nonce'] = this.#nonces.get(placeOf(htu as string, ath === undefined));
        },
      }),
    );
  }

  async thumbprint(): Promise<string> {
    return (await this.#handle()).calculateThumbprint();
  }

  async prove(method: string, url: string, token?: AnyToken): Promise<string> {
    let proof = '';
    const options = {
      DPoP: await this.#handle(),
      [allowInsecureRequests]: true,
      // Others send the request itself: here it is only signed. The handle is of no use to them: oauth4webapi, of which
      // another copy of core has another copy, takes no handle but its own.
      [customFetch]: async (_url: string, { headers }: { readonly headers: Record<string, string> }) => {
        proof = headers['dpop'] ?? '';
        return new Response();
      },
    };
    if (token) await protectedResourceRequest(token.value, method, new URL(url), undefined, undefined, options);
    else {
      const server = { issuer: url, token_endpoint: url };
      await genericTokenEndpointRequest(server, { client_id: 'none' }, None(), 'none', {}, options);
    }
    return proof;
  }

  learn(url: string, nonce: string, ofServer = false): void {
    this.#nonces.set(placeOf(url, ofServer), nonce);
  }
}

/** Who demands a nonce. An API may share its origin with the token endpoint and still have nonces of its own. */
function placeOf(url: string, ofServer: boolean): string {
  return `${ofServer ? 'server' : 'api'} ${new URL(url).origin}`;
}

/** Calls `make` once for all. A failure is not kept: the next caller tries again. */
function untilItSucceeds<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
