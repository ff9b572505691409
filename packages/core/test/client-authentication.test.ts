import { describe, expect, test } from '@jest/globals';
import {
  clientAssertion,
  type ClientAuthentication,
  type ClientAuthenticationMethod,
  clientSecretBasic,
  clientSecretJwt,
  privateKeyJwt,
  proofKey,
  selfSignedTlsClientAuth,
  tlsClientAuth,
  type TokenSourceOptions,
} from '../src/index.ts';
import {
  answer,
  answerTokenRequests,
  clientId,
  clientSecret,
  failureOf,
  formOf,
  issuer,
  misuse,
  shownOf,
  source,
  token,
  tokenEndpoint,
} from './support.ts';
import type { Received } from './support.ts';

const decoded = (request: Received | undefined): string =>
  atob(/^Basic (\S+)$/.exec(request?.headers.get('authorization') ?? '')?.[1] ?? '');

/** The credentials of a request with `client_secret_basic`, as they stand in the header. */
async function basicCredentials(options: Partial<TokenSourceOptions>): Promise<string> {
  const received = answerTokenRequests();
  await source({ clientAuthentication: 'client_secret_basic', ...options }).getToken();
  return decoded(received[0]);
}

describe('client_secret_basic', () => {
  test('puts the credentials into the header and nowhere else', async () => {
    const received = answerTokenRequests();
    await source({ clientAuthentication: 'client_secret_basic', scope: 'orders.read' }).getToken();
    expect(formOf(received[0])).toEqual([
      ['grant_type', 'client_credentials'],
      ['scope', 'orders.read'],
    ]);
    expect(received[0]?.headers.get('authorization')).toMatch(/^Basic /);
  });

  test.each([
    ['unreserved characters are left alone', 's3cret-basic_1.0~*', 's3cret-basic_1.0~*'],
    ['a per cent sign is encoded', '100%25', '100%2525'],
    ['a plus is encoded', 'a+b', 'a%2Bb'],
    ['a space is encoded, as not every server decodes a plus', 'a b', 'a%20b'],
    ['a colon is encoded', 'a:b', 'a%3Ab'],
    ['what is not ASCII is encoded as UTF-8', 'ü€𝄞', '%C3%BC%E2%82%AC%F0%9D%84%9E'],
    ['quotes are encoded', `"it's"`, '%22it%27s%22'],
    ['brackets and exclamation marks are encoded', '(!)', '%28%21%29'],
    [
      'the rest of ASCII is encoded',
      '/?&=#@$,;[]{}|\\^`<>',
      '%2F%3F%26%3D%23%40%24%2C%3B%5B%5D%7B%7D%7C%5C%5E%60%3C%3E',
    ],
    ['control characters are encoded', '\t\n\u007F', '%09%0A%7F'],
  ])('%s', async (_, secret, encoded) => {
    expect(await basicCredentials({ clientSecret: secret })).toBe(`${clientId}:${encoded}`);
    expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(secret);
  });

  test('the client identifier is encoded in the same way', async () => {
    expect(await basicCredentials({ clientId: 'https://app.example.com/ü:1', clientSecret: 'x' })).toBe(
      'https%3A%2F%2Fapp.example.com%2F%C3%BC%3A1:x',
    );
  });
});

describe('client_secret_basic without an encoding', () => {
  const clientAuthentication = clientSecretBasic({ encoding: 'raw' });

  test.each(["it's/100%25+(!)", 'a:b c', 'ü€𝄞'])('sends %p as it is', async (secret) => {
    const sent = await basicCredentials({ clientId: 'a b%', clientSecret: secret, clientAuthentication });
    expect(new TextDecoder().decode(Uint8Array.from(sent, (character) => character.charCodeAt(0)))).toBe(
      `a b%:${secret}`,
    );
  });

  test('tells nobody', async () => {
    const sent = btoa(`${clientId}:${clientSecret}`);
    answerTokenRequests({ status: 401, body: { error: 'invalid_client', error_description: `what is ${sent}?` } });
    const error = await failureOf(source({ clientAuthentication }).getToken());
    expect(shownOf(error)).toContain('what is');
    expect(shownOf(error)).not.toContain(sent);
  });

  test('is one of two', () => {
    expect(misuse(() => clientSecretBasic({ encoding: 'utf-8' as never }))).toContain('encoding');
    expect(clientSecretBasic().method).toBe('client_secret_basic');
  });
});

describe('the ways to authenticate', () => {
  const key = { kty: 'OKP', crv: 'Ed25519', d: 'd', x: 'x' };

  test.each<[string, ClientAuthentication | 'none']>([
    ['none', 'none'],
    ['private_key_jwt', privateKeyJwt({ key })],
    ['private_key_jwt', clientAssertion(() => 'assertion')],
    ['tls_client_auth', tlsClientAuth()],
    ['self_signed_tls_client_auth', selfSignedTlsClientAuth()],
  ])('%s takes no secret', (method, clientAuthentication) => {
    expect(() => source({ clientAuthentication, clientSecret: undefined })).not.toThrow();
    const message = misuse(() => source({ clientAuthentication }));
    expect(message).toContain(method);
    expect(message).not.toContain(clientSecret);
  });

  test.each<['client_secret_post' | 'client_secret_basic' | 'client_secret_jwt' | ClientAuthentication | undefined]>([
    ['client_secret_post'],
    ['client_secret_basic'],
    ['client_secret_jwt'],
    [clientSecretBasic()],
    [clientSecretJwt()],
    [undefined],
  ])('%p needs one, and says so', (clientAuthentication) => {
    const message = misuse(() => source({ clientAuthentication, clientSecret: undefined }));
    expect(message).toContain('clientSecret is required');
    expect(message).toContain('privateKeyJwt({ key })');
  });

  test.each([null, {}, { method: 'none' }, 'private_key_jwt', 'tls_client_auth', '', 7, () => 'none'])(
    '%p is none of them',
    (clientAuthentication) => {
      const message = misuse(() => source({ clientAuthentication: clientAuthentication as never }));
      expect(message).toContain('privateKeyJwt()');
    },
  );

  test('none says who the client is, and nothing else', async () => {
    const received = answerTokenRequests();
    await source({ clientAuthentication: 'none', clientSecret: undefined }).getToken();
    expect(received[0]?.headers.has('authorization')).toBe(false);
    expect(formOf(received[0])).toEqual([
      ['client_id', clientId],
      ['grant_type', 'client_credentials'],
    ]);
  });
});

describe('an assertion that somebody else made', () => {
  test('is read at each token request, without the white space of its file', async () => {
    const received = answerTokenRequests(token({ access_token: 'a' }), token({ access_token: 'b' }));
    let reads = 0;
    const clientAuthentication = clientAssertion(async () => `  assertion-${++reads}\n`);
    const running = source({ clientAuthentication, clientSecret: undefined });
    await Promise.all([running.getToken(), running.getToken()]);
    await running.getToken({ rejected: 'a' });
    expect(received.map((request) => formOf(request))).toEqual(
      ['assertion-1', 'assertion-2'].map((assertion) => [
        ['client_assertion', assertion],
        ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
        ['client_id', clientId],
        ['grant_type', 'client_credentials'],
      ]),
    );
  });

  test('is tried as soon as it is another one, after one that was refused', async () => {
    const refused = { status: 401, body: { error: 'invalid_client', error_description: 'no assertion-1' } };
    const received = answerTokenRequests(refused, token());
    let assertion = 'assertion-1';
    const running = source({ clientAuthentication: clientAssertion(() => assertion), clientSecret: undefined });
    const error = await failureOf(running.getToken());
    expect(shownOf(error)).not.toContain(assertion);
    await failureOf(running.getToken());
    expect(received).toHaveLength(1);
    assertion = 'assertion-2';
    await running.getToken();
    expect(received).toHaveLength(2);
  });

  test('is another one for a second attempt', async () => {
    const nonce = { status: 400, headers: { 'dpop-nonce': 'n' }, body: { error: 'use_dpop_nonce' } };
    const received = answerTokenRequests(nonce, token({ token_type: 'DPoP' }));
    let reads = 0;
    const clientAuthentication = clientAssertion(() => `assertion-${++reads}`);
    await source({ clientAuthentication, clientSecret: undefined, dpop: proofKey() }).getToken();
    expect(received.map((request) => new Map(formOf(request)).get('client_assertion'))).toEqual([
      'assertion-1',
      'assertion-2',
    ]);
  });

  test.each<[string, () => unknown]>([
    ['fails', () => Promise.reject(new Error('no such file'))],
    ['gives nothing', () => ' '],
    ['gives no text', () => ({ assertion: 'a' })],
  ])('is missed where its function %s', async (_, read) => {
    const running = source({ clientAuthentication: clientAssertion(read as never), clientSecret: undefined });
    expect(await failureOf(running.getToken())).toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      message: expect.stringContaining('clientAssertion'),
    });
  });

  test('comes from a function', () => {
    expect(misuse(() => clientAssertion('assertion' as never))).toContain('function');
  });
});

/** Which methods a request uses, where the metadata offers these. */
async function methodsUsed(offered: unknown, clientAuthentication?: ClientAuthenticationMethod): Promise<object> {
  answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: offered },
  });
  const received = answerTokenRequests();
  await source({ issuer, clientAuthentication }).getToken();
  const form = new Map(formOf(received[0]));
  return {
    basic: received[0]?.headers.has('authorization'),
    post: form.get('client_secret') === clientSecret,
    jwt: form.has('client_assertion'),
  };
}

describe('the method', () => {
  test.each<[string, unknown]>([
    ['offers both', ['client_secret_basic', 'client_secret_post']],
    ['offers client_secret_post', ['private_key_jwt', 'client_secret_post']],
    ['says nothing', undefined],
    ['offers neither', ['private_key_jwt']],
    ['is for public clients', ['none']],
    ['is malformed there', 'client_secret_basic'],
  ])('is client_secret_post where the metadata %s', async (_, offered) => {
    expect(await methodsUsed(offered)).toEqual({ basic: false, post: true, jwt: false });
  });

  test.each([
    ['client_secret_basic', ['client_secret_basic'], { basic: true, post: false, jwt: false }],
    ['client_secret_basic', ['client_secret_jwt', 'client_secret_basic'], { basic: true, post: false, jwt: false }],
    ['client_secret_jwt', ['private_key_jwt', 'client_secret_jwt'], { basic: false, post: false, jwt: true }],
  ])('is %s where the metadata offers only %p', async (_, offered, expected) => {
    expect(await methodsUsed(offered)).toEqual(expected);
  });

  test.each([
    ['client_secret_post', { basic: false, post: true, jwt: false }],
    ['client_secret_basic', { basic: true, post: false, jwt: false }],
    ['client_secret_jwt', { basic: false, post: false, jwt: true }],
  ] as const)('is %s where that is asked for, whatever the metadata offers', async (method, expected) => {
    expect(await methodsUsed(['client_secret_basic'], method)).toEqual(expected);
    expect(await methodsUsed(['client_secret_post'], method)).toEqual(expected);
  });
});
