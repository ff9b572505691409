import { wordsOf } from './form.ts';
import type { IssuedToken } from './issued-tokens.ts';
import { checkProof, proofAlgorithms } from './proof.ts';
import { Refusal } from './refusal.ts';
import { Replays } from './replays.ts';

/** Who knows which tokens are valid, and what time it is. */
export interface Introspector {
  readonly time: number;
  introspect(token: string): IssuedToken | undefined;
}

/** What a token must be good for. */
export interface TokenRules {
  /** Space-separated. */
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
}

type Scheme = 'Bearer' | 'DPoP';

/** Stands before an API, and checks the token of each request. */
export class TokenGuard {
  readonly #introspector: Introspector;
  readonly #rules: TokenRules;
  readonly #proofs: Replays = new Replays();

  constructor(introspector: Introspector, rules: TokenRules) {
    this.#introspector = introspector;
    this.#rules = rules;
  }

  /**
   * The answer to a request that must not pass.
   *
   * @param nonce - what a DPoP proof must hold.
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3 | RFC 6750 §3} and RFC 9449 §7.1
   */
  async refusal(request: Request, nonce: string | undefined): Promise<Response | undefined> {
    const authorization = request.headers.get('authorization');
    const [, scheme = '', value = ''] = /^(\w+) +([\w\-.~+/]+=*)$/.exec(authorization ?? '') ?? [];
    const hasProof = scheme.toLowerCase() === 'dpop';
    if (!hasProof && scheme.toLowerCase() !== 'bearer') return unauthorized('Bearer');
    try {
      await this.#check(value, hasProof, request, nonce);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return unauthorized(hasProof ? 'DPoP' : 'Bearer', error, this.#rules.scope);
      throw error;
    }
  }

  async #check(value: string, hasProof: boolean, request: Request, nonce: string | undefined): Promise<void> {
    const token = this.#introspector.introspect(value);
    if (token === undefined) throw new Refusal('invalid_token', 'the token is unknown, expired or revoked');
    if ((token.thumbprint !== undefined) !== hasProof)
      throw new Refusal('invalid_token', `the token is ${hasProof ? 'not ' : ''}bound to a key`);
    if (hasProof) await this.#checkProof(token, request, nonce);
    const { scope, resource } = this.#rules;
    if (resource !== undefined && !token.audience.includes(resource))
      throw new Refusal('invalid_token', 'the token is for another resource');
    const granted = wordsOf(token.scope);
    if (wordsOf(scope).some((word) => !granted.includes(word)))
      throw new Refusal('insufficient_scope', 'the token lacks a scope', { status: 403 });
  }

  async #checkProof(token: IssuedToken, { method, url, headers }: Request, nonce: string | undefined): Promise<void> {
    const rules = { method, url, accessToken: token.value, nonce, now: this.#introspector.time, used: this.#proofs };
    if ((await checkProof(headers.get('dpop') ?? '', rules)) !== token.thumbprint)
      throw new Refusal('invalid_token', 'the token is bound to another key');
  }
}

function unauthorized(scheme: Scheme, refusal?: Refusal, scope?: string): Response {
  const error = refusal?.error;
  const lacksScope = error === 'insufficient_scope';
  const parameters = {
    realm: 'api',
    ...(error && { error }),
    ...(lacksScope && scope !== undefined && { scope }),
    ...(scheme === 'DPoP' && { algs: proofAlgorithms.join(' ') }),
  };
  const challenge = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  const headers = { ...refusal?.headers, 'www-authenticate': `${scheme} ${challenge.join(', ')}` };
  return Response.json({ error: error ?? 'a token is required' }, { status: lacksScope ? 403 : 401, headers });
}
