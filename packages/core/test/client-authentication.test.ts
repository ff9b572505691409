import { describe, expect, test } from '@jest/globals';
import {
  answer,
  answerTokenRequests,
  clientId,
  clientSecret,
  formOf,
  issuer,
  source,
  tokenEndpoint,
} from './support.ts';
import type { Received } from './support.ts';

const decoded = (request: Received | undefined): string =>
  atob(/^Basic (\S+)$/.exec(request?.headers.get('authorization') ?? '')?.[1] ?? '');

/** The credentials of a request with `client_secret_basic`, as they stand in the header. */
async function basicCredentials(options: { clientId?: string; clientSecret?: string }): Promise<string> {
  const received = answerTokenRequests();
  await source({ ...options, clientAuthentication: 'client_secret_basic' }).getToken();
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
    ['a space becomes a plus', 'a b', 'a+b'],
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

/** Which methods a request uses, where the metadata offers these. */
async function methodsUsed(offered: unknown, clientAuthentication?: 'client_secret_post' | 'client_secret_basic') {
  answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: offered },
  });
  const received = answerTokenRequests();
  await source({ issuer, clientAuthentication }).getToken();
  const form = new Map(formOf(received[0]));
  return { basic: received[0]?.headers.has('authorization'), post: form.get('client_secret') === clientSecret };
}

describe('the method', () => {
  test.each<[string, unknown]>([
    ['offers both', ['client_secret_basic', 'client_secret_post']],
    ['offers client_secret_post', ['private_key_jwt', 'client_secret_post']],
    ['says nothing', undefined],
    ['offers neither', ['private_key_jwt']],
    ['is malformed there', 'client_secret_basic'],
  ])('is client_secret_post where the metadata %s', async (_, offered) => {
    expect(await methodsUsed(offered)).toEqual({ basic: false, post: true });
  });

  test('is client_secret_basic where the metadata offers only that', async () => {
    expect(await methodsUsed(['client_secret_basic'])).toEqual({ basic: true, post: false });
  });

  test.each([
    ['client_secret_post', { basic: false, post: true }],
    ['client_secret_basic', { basic: true, post: false }],
  ] as const)('is %s where that is asked for, whatever the metadata offers', async (method, expected) => {
    expect(await methodsUsed(['client_secret_basic'], method)).toEqual(expected);
    expect(await methodsUsed(['client_secret_post'], method)).toEqual(expected);
  });
});
