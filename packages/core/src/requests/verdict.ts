import { asksForNonce, asksForToken } from './challenge.ts';

/** What a request was sent again for already. It is sent again once for each of these at most. */
export interface Tried {
  readonly nonce?: true;
  readonly token?: true;
}

export const untried: Tried = {};

/** What is known of an answer, and of the request that it answers. */
export interface Answered {
  readonly status: number;
  /** The `WWW-Authenticate` header. */
  readonly challenge: string | undefined;
  /** The `DPoP-Nonce` header. */
  readonly nonce: string | undefined;
  readonly tried: Tried;
  /** Whether the request carried a DPoP proof. */
  readonly hasProof: boolean;
  /** Whether the body of the request can be sent again. */
  readonly replayable: boolean;
  /** Whether the method is safe: to send the request again changes nothing at the server. */
  readonly safe: boolean;
  /** Whether the answer came after a redirect. */
  readonly redirected: boolean;
  /** What the user says of that, where the user decides: `true` alone refuses the token. */
  readonly refused?: unknown;
}

/**
 * What to do about an answer: hand it over (`final`); send the request again with the same token and a new proof (`nonce`);
 * renew the token and send the request again (`renew`); or renew it for the next request and hand the answer over
 * (`renew-only`).
 */
export type Verdict = 'final' | 'nonce' | 'renew' | 'renew-only';

/** Decides about an answer. Everything that a 401 may mean is in this function. */
export function verdictOn({ status, challenge, nonce, tried, ...request }: Answered): Verdict {
  const { hasProof, replayable, safe, redirected, refused } = request;
  if (refused === undefined && status !== 401) return 'final';
  // A redirect led to where there was no proof, and would lead there again.
  if (redirected && hasProof) return 'final';
  // Before it redirected, the server may have done what an unsafe request asked for: it must not do so twice.
  const again = replayable && (safe || !redirected);
  if (status === 401 && nonce && asksForNonce(challenge)) return again && !tried.nonce ? 'nonce' : 'final';
  if (tried.token || !(refused === undefined ? asksForToken(challenge) : refused === true)) return 'final';
  return again ? 'renew' : 'renew-only';
}
