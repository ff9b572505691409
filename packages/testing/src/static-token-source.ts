import { type AccessToken, type ClientTokenSource, type GetTokenOptions, TokenError } from '@tokenline/core';

/** A source without a server and without a state: `answer` says what each call gets. */
class StatelessTokenSource implements ClientTokenSource {
  readonly allowInsecureRequests = false;
  readonly #answer: (rejected: string | undefined) => AccessToken;

  constructor(answer: (rejected: string | undefined) => AccessToken) {
    this.#answer = answer;
  }

  async getToken({ rejected, signal }: GetTokenOptions = {}): Promise<AccessToken> {
    signal?.throwIfAborted();
    return this.#answer(rejected);
  }

  with(): this {
    return this;
  }

  refuse(): void {}

  async revoke(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * A source that always has the same token, whatever scope or resource is asked for. When an API refuses that token, there is no
 * other one: the caller gets its 401.
 */
export function staticTokenSource(value: string): ClientTokenSource {
  return new StatelessTokenSource((rejected) => {
    if (rejected === value) throw new TokenError('ERR_TOKEN_REJECTED', 'staticTokenSource has no other token');
    return { value, type: 'Bearer', expiresAt: undefined, scope: undefined };
  });
}

/**
 * A source that never has a token: each call rejects.
 *
 * @param error - what it rejects with: by default a `TokenError` with the code `ERR_TOKEN_REQUEST`.
 */
export function failingTokenSource(
  error: Error = new TokenError('ERR_TOKEN_REQUEST', 'failingTokenSource has no token'),
): ClientTokenSource {
  return new StatelessTokenSource(() => {
    throw error;
  });
}
