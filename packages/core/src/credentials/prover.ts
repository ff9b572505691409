import type { DPoPHandle } from 'oauth4webapi';
import type { AccessToken } from '../common/access-token.ts';
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
  /** What signs the proofs of token requests. */
  readonly handle: Promise<DPoPHandle>;
  /** A proof for one request to an API. */
  prove(method: string, url: string, token: AccessToken): Promise<string>;
  /** Remembers the nonce that an API wants to find in the next proof. */
  learn(url: string, nonce: string): void;
}

/** What is behind a {@link ProofKey}. Each source has its own clock, and learns nonces of its own. */
interface ProvingKey {
  prover(clock: Clock): Prover;
}

export const proofKeys: Opaque<ProvingKey> = /* @__PURE__ */ new Opaque('ProofKey', 'proofKey()');
