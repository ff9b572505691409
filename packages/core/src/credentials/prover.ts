import type { AnyToken } from '../common/access-token.ts';
import type { Clock } from '../common/clock.ts';
import { Opaque } from '../common/opaque.ts';

/** A key that tokens are bound to, as {@link proofKey} makes it. Opaque: only `type` is visible. */
export interface ProofKey {
  /** The type of the tokens that are bound to it. */
  readonly type: 'DPoP';
}

/** Proves for one source that it has the key, and knows which nonces servers want to find in the proofs. */
export interface Prover {
  /** Whether a token that is not bound to the key is an error. */
  readonly required: boolean;
  /** Names the key: the thumbprint of its public half (RFC 7638). */
  thumbprint(): Promise<string>;
  /** A proof for one request: to an API with its token, or to the token endpoint without one. */
  prove(method: string, url: string, token?: AnyToken): Promise<string>;
  /** Remembers the nonce that an API, or the token endpoint (`ofServer`), wants to find in the next proof. */
  learn(url: string, nonce: string, ofServer?: boolean): void;
}

/** What is behind a {@link ProofKey}. Each source has its own clock, and learns nonces of its own. */
interface ProvingKey {
  prover(clock: Clock): Prover;
}

export const proofKeys: Opaque<ProvingKey> = /* @__PURE__ */ new Opaque('ProofKey', 'proofKey()');
