import { type BearerAuthOptions, createCustomTokenSource, type TokenSource } from '@tokenline/core';

/** Tokens for an origin that no test calls. Whoever asks for one fails: the test that made it ask is lost. */
export const source: TokenSource = createCustomTokenSource({
  acquire: () => {
    throw new Error('a request that was to go without a token asked for one');
  },
});

/** Reserved by RFC 2606: no test has a server there. */
export const options: BearerAuthOptions = { origins: ['https://api.tokenline.invalid'] };
