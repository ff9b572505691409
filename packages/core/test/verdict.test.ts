import { expect, test } from '@jest/globals';
import { type Answered, type Verdict, verdictOn } from '../src/requests/verdict.ts';

/** A 401 to a GET with a bearer token, which was sent once. */
const refused: Answered = {
  status: 401,
  challenge: 'Bearer error="invalid_token"',
  nonce: undefined,
  tried: {},
  hasProof: false,
  replayable: true,
  safe: true,
  redirected: false,
};
/** A 401 to a request with a proof. */
const bound: Partial<Answered> = { hasProof: true, challenge: 'DPoP error="invalid_token"' };
const wantsNonce: Partial<Answered> = { ...bound, challenge: 'DPoP error="use_dpop_nonce"', nonce: 'n' };

test.each<[string, Partial<Answered>, Verdict]>([
  ['a 401 that asks for another token', {}, 'renew'],
  ['a 401 without a challenge', { challenge: undefined }, 'renew'],
  ['a 401 that wants more scope', { challenge: 'Bearer error="insufficient_scope"' }, 'final'],
  ['a 401 that calls the request malformed', { challenge: 'Bearer error="invalid_request"' }, 'final'],
  ['a 401 of another scheme', { challenge: 'Basic realm="a"' }, 'final'],
  ['a 200', { status: 200 }, 'final'],
  ['a 403, whatever it says', { status: 403 }, 'final'],
  ['a 503, whatever it says', { status: 503 }, 'final'],
  ['a second 401 after another token', { tried: { token: true } }, 'final'],
  ['a 401 to a body that is gone', { replayable: false }, 'renew-only'],
  ['a 401 after a redirect of a safe request', { redirected: true }, 'renew'],
  ['a 401 after a redirect of an unsafe request', { redirected: true, safe: false }, 'renew-only'],
  ['a 401 to an unsafe request', { safe: false }, 'renew'],
  ['a 401 to a proof', bound, 'renew'],
  ['a 401 to a proof, after a redirect', { ...bound, redirected: true }, 'final'],
  ['a 401 to a proof that wants a nonce', wantsNonce, 'nonce'],
  ['a 401 that wants a nonce and gives none', { ...wantsNonce, nonce: undefined }, 'final'],
  ['a second 401 that wants a nonce', { ...wantsNonce, tried: { nonce: true } }, 'final'],
  ['a 401 that wants a nonce after another token', { ...wantsNonce, tried: { token: true } }, 'nonce'],
  ['a 401 that wants a nonce for a body that is gone', { ...wantsNonce, replayable: false }, 'final'],
  ['a 401 that wants a token after a nonce', { ...bound, nonce: 'n', tried: { nonce: true } }, 'renew'],
])('%s', (_, answered, verdict) => {
  expect(verdictOn({ ...refused, ...answered })).toBe(verdict);
});
