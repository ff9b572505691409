import { describe, expect, test } from '@jest/globals';
import type { TokenSourceOptions } from '../src/index.ts';
import {
  answer,
  type Answer,
  answerTokenRequests,
  expectNoSecretIn,
  failureOf,
  issuer,
  type Received,
  source,
  token,
  tokenEndpoint,
} from './support.ts';

const refusal: Answer = { status: 401, body: { error: 'invalid_client' } };

/** How each request presented the secret. */
const waysOf = (requests: readonly Received[]): string[] =>
  requests.map(({ headers, body }) =>
    headers.has('authorization') ? 'header' : body.includes('client_secret=') ? 'form' : 'nothing',
  );

/** Asks for a token where the metadata offers these methods. */
async function ask(
  offered: readonly string[] | undefined,
  answers: readonly Answer[],
  options: Partial<TokenSourceOptions> = {},
) {
  const methods = { token_endpoint_auth_methods_supported: offered };
  answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint, ...(offered && methods) },
  });
  const received = answerTokenRequests(...answers);
  const running = source({ issuer, ...options });
  return { running, received, result: await Promise.allSettled([running.getToken()]) };
}

describe('a client that did not say how it authenticates, and is refused,', () => {
  test.each<[string, Answer]>([
    ['invalid_client with 401', refusal],
    ['invalid_client with 400', { status: 400, body: { error: 'invalid_client' } }],
    ['a 401 without an error of OAuth', { status: 401 }],
    ['a 403 without an error of OAuth', { status: 403, body: 'no' }],
    ['another error with 401', { status: 401, body: { error: 'access_denied' } }],
  ])('presents its secret in the other way, once: %s', async (_, refused) => {
    const { received, result } = await ask(undefined, [refused, token()]);
    expect(result).toMatchObject([{ status: 'fulfilled' }]);
    expect(waysOf(received)).toEqual(['form', 'header']);
  });

  test('uses the way that worked from then on', async () => {
    const { running, received } = await ask(undefined, [refusal, token({ expires_in: 0 }), token(), refusal]);
    await running.getToken();
    await failureOf(running.getToken({ rejected: 'eyJ0.opensesame.c2ln' }));
    expect(waysOf(received)).toEqual(['form', 'header', 'header', 'header']);
  });

  test('is told which ways were tried, and what the server offers', async () => {
    const { received, result } = await ask(['client_secret_basic', 'client_secret_post', 'none'], [refusal, refusal]);
    const [{ reason }] = result as [PromiseRejectedResult];
    expect((reason as Error).message).toBe(
      `${tokenEndpoint} refused the token request: invalid_client; tried client_secret_post and client_secret_basic; the server offers client_secret_basic, client_secret_post, none`,
    );
    expect(reason).toMatchObject({ error: 'invalid_client' });
    expect(waysOf(received)).toEqual(['form', 'header']);
    expectNoSecretIn(reason);
  });

  test.each<[string, Answer]>([
    ['misses the identifier', { status: 400, body: { error: 'invalid_request' } }],
    ['is out of order', { status: 500 }],
  ])('is told the first refusal where the server, asked in the other way, %s', async (_, other) => {
    const { result } = await ask(undefined, [refusal, other]);
    expect(result).toMatchObject([{ reason: { error: 'invalid_client', transient: false } }]);
  });

  test.each<[string, readonly string[], string]>([
    ['post alone', ['client_secret_post'], 'form'],
    ['Basic alone', ['client_secret_basic', 'private_key_jwt'], 'header'],
    ['an assertion alone', ['client_secret_jwt'], 'nothing'],
    ['neither', ['private_key_jwt'], 'form'],
  ])('does not try what the metadata rules out: %s', async (_, offered, way) => {
    const { received, result } = await ask(offered, [refusal]);
    expect(result).toMatchObject([{ reason: { error: 'invalid_client' } }]);
    expect(waysOf(received)).toEqual([way]);
  });

  test.each<[string, Answer]>([
    ['invalid_scope', { status: 400, body: { error: 'invalid_scope' } }],
    ['a 500', { status: 500 }],
    ['a 404', { status: 404 }],
  ])('does not try another way after %s', async (_, refused) => {
    const { received } = await ask(undefined, [refused]);
    expect(waysOf(received)).toEqual(['form']);
  });

  test('does not, where it has said so', async () => {
    const { received, result } = await ask(undefined, [refusal], { clientAuthentication: 'client_secret_post' });
    expect(result).toMatchObject([
      { reason: { message: `${tokenEndpoint} refused the token request: invalid_client` } },
    ]);
    expect(waysOf(received)).toEqual(['form']);
  });
});
