import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { asksForToken } from '../src/requests/challenge.ts';
import { OAuthError } from '../src/index.ts';
import { answer, clientSecret, expectNoSecretIn, failureOf, source, tokenValue } from './support.ts';
import { untimedClock } from './test-clock.ts';

interface Recorded {
  readonly response: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
}

// Recorded from IdentityServer4, its signatures and secrets left out.
const recorded = JSON.parse(
  readFileSync(new URL('fixtures/identityserver4-answers.json', import.meta.url), 'utf8'),
) as Record<string, Recorded>;
const server = 'http://127.0.0.1:14650';
const tokenEndpoint = `${server}/connect/token`;

/** A recorded answer as it came over the wire: of a JWT the recording keeps only the claims. */
function replayOf(name: string): { status: number; headers: Record<string, string>; body: string } {
  const { status, headers, body } = recorded[name]?.response ?? {};
  if (status === undefined || headers === undefined || body === undefined) throw new Error(`no answer "${name}"`);
  return { status, headers, body: body.replace(/<JWT (\{.*\})>/, (_, claims: string) => `e30.${btoa(claims)}.c2ln`) };
}

describe('IdentityServer4', () => {
  test('is found by discovery from its issuer alone', async () => {
    answer('GET', `${server}/.well-known/openid-configuration`, replayOf('discovery'));
    const [received] = [answer('POST', tokenEndpoint, replayOf('ok_post'))];
    await expect(source({ issuer: server }).getToken()).resolves.toMatchObject({ type: 'Bearer' });
    expect(received[0]?.body).toContain('client_secret=');
  });

  test('has no metadata at the place of RFC 8414, and answers HEAD with 405: neither is needed', () => {
    expect(replayOf('rfc8414').status).toBe(404);
    expect(replayOf('head_discovery').status).toBe(405);
  });

  test.each([
    ['ok', 'api1'],
    ['ok_no_scope', 'api1 api1.read api2'],
    ['ok_post', 'api1 api1.read api2'],
    ['ok_reference', 'api1 api1.read api2'],
  ])('its answer "%s" is a token for an hour with the scope that it granted', async (name, scope) => {
    const clock = untimedClock();
    answer('POST', tokenEndpoint, replayOf(name));
    const token = await source({ tokenEndpoint, clock }).getToken();
    expect(token).toMatchObject({ type: 'Bearer', scope, expiresAt: clock.now() + 3_600_000 });
    expect(token.value).toMatch(name === 'ok_reference' ? /^[0-9A-F]{64}$/ : /^e30\..+\.c2ln$/);
  });

  test.each([
    ['bad_secret', 'invalid_client'],
    ['unknown_client', 'invalid_client'],
    ['no_auth', 'invalid_client'],
    ['grant_not_allowed', 'unauthorized_client'],
    ['unknown_scope', 'invalid_scope'],
    ['unauthorized_scope', 'invalid_scope'],
    ['offline_access', 'invalid_scope'],
    ['no_grant', 'unsupported_grant_type'],
    ['bad_grant', 'unsupported_grant_type'],
    ['get', 'invalid_request'],
    ['json_body', 'invalid_request'],
  ])('its answer "%s" is the OAuth error %s, of status 400 as all of its errors', async (name, error) => {
    answer('POST', tokenEndpoint, replayOf(name));
    const failure = await failureOf(source({ tokenEndpoint, clientAuthentication: 'client_secret_post' }).getToken());
    expect(failure).toBeInstanceOf(OAuthError);
    expect(failure).toMatchObject({ code: 'ERR_OAUTH_RESPONSE', error, status: 400, transient: false });
    expect(failure.message).toContain(tokenEndpoint);
    expect(failure.message).toContain(error);
    expectNoSecretIn(failure);
  });

  test('a wrong path of the token endpoint is named', async () => {
    const wrong = `${server}/connect/tokens`;
    answer('POST', wrong, replayOf('wrong_path'));
    const failure = await failureOf(source({ tokenEndpoint: wrong }).getToken());
    expect(failure).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status: 404, transient: false });
    expect(failure.message).toContain(wrong);
  });

  test.each(['discovery', 'introspect_inactive', 'revoke', 'jwks'])(
    'its answer "%s", met by a wrong URL, is refused as no token response',
    async (name) => {
      answer('POST', tokenEndpoint, replayOf(name));
      const failure = await failureOf(source({ tokenEndpoint }).getToken());
      expect(failure).toMatchObject({ code: 'ERR_TOKEN_RESPONSE', status: 200 });
      expectNoSecretIn(failure);
    },
  );

  test('a token that it refuses at its own API asks for another one', () => {
    expect(asksForToken(replayOf('userinfo_bad_token').headers['www-authenticate'])).toBe(true);
    expect(asksForToken(replayOf('introspect_no_auth').headers['www-authenticate'])).toBe(true);
  });

  test('the recording holds no credential', () => {
    const text = JSON.stringify(recorded);
    for (const secret of [clientSecret, tokenValue, '/home/', '/Users/', 'C:\\\\']) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/eyJ[\w-]{10}/);
  });
});
