import { describe, expect, test } from '@jest/globals';
import nock from 'nock';
import type { TokenParameters } from '../src/index.ts';
import {
  answer,
  answerTokenRequests,
  clientId,
  clientSecret,
  expectNoSecretIn,
  failureOf,
  formOf,
  misuse,
  source,
  token,
  tokenEndpoint,
  tokenValue,
} from './support.ts';

/** What a source with these parameters asks for, beside the credentials. */
async function askedFor(parameters: TokenParameters): Promise<[string, string][]> {
  const [received] = [answerTokenRequests()];
  await source(parameters).getToken();
  return formOf(received[0]).filter(([name]) => !['client_id', 'client_secret', 'grant_type'].includes(name));
}

describe('a token request', () => {
  test('is a form with the credentials and the grant type, and asks for JSON', async () => {
    const received = answerTokenRequests();
    await expect(source().getToken()).resolves.toMatchObject({ value: tokenValue, type: 'Bearer' });
    const [request] = received;
    expect(request?.method).toBe('POST');
    expect(request?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded(;charset=utf-8)?$/i);
    expect(request?.headers.get('accept')).toBe('application/json');
    expect(request?.headers.get('authorization')).toBeNull();
    expect(formOf(request)).toEqual([
      ['client_id', clientId],
      ['client_secret', clientSecret],
      ['grant_type', 'client_credentials'],
    ]);
  });

  test('carries the secret in the form as the form encoding has it', async () => {
    const received = answerTokenRequests();
    await source({ clientSecret: 'a+b %&=ü"' }).getToken();
    expect(received[0]?.body).toContain('client_secret=a%2Bb+%25%26%3D%C3%BC%22');
  });

  test('keeps the query of the token endpoint', async () => {
    const received = answer('POST', `${tokenEndpoint}?tenant=7`, token());
    await source({ tokenEndpoint: `${tokenEndpoint}?tenant=7` }).getToken();
    expect(received[0]?.url).toBe(`${tokenEndpoint}?tenant=7`);
  });

  test('goes through the fetch that was given', async () => {
    const urls: unknown[] = [];
    const send: typeof fetch = async (input) => {
      urls.push(input);
      return Response.json(token().body);
    };
    await source({ fetch: send }).getToken();
    expect(urls).toEqual([tokenEndpoint]);
  });

  test('goes through a global fetch that was installed later', async () => {
    const early = source();
    const received = answerTokenRequests();
    const { fetch } = globalThis;
    let calls = 0;
    globalThis.fetch = (input, init) => {
      calls++;
      return fetch(input, init);
    };
    await early.getToken().finally(() => (globalThis.fetch = fetch));
    expect([calls, received.length]).toEqual([1, 1]);
  });

  test.each([301, 302, 303, 307, 308])('follows no redirect: a %i does not carry the secret on', async (status) => {
    const elsewhere = 'https://elsewhere.example.com/connect/token';
    answerTokenRequests({ status, headers: { location: elsewhere } });
    const post = answer('POST', elsewhere, token());
    const get = answer('GET', elsewhere, token());
    const error = await failureOf(source().getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', status, transient: false });
    expect(error.message).toMatch(`${tokenEndpoint} answered with status ${status}: a redirect is not followed`);
    expect([post, get]).toEqual([[], []]);
    expectNoSecretIn(error);
  });
});

describe('the scope', () => {
  test.each<[string, TokenParameters['scope'], [string, string][]]>([
    ['is left out where there is none', undefined, []],
    ['is left out where it is empty', '', []],
    ['goes as it is where it is one', 'orders.read', [['scope', 'orders.read']]],
    ['goes as it is where it is several', 'orders.read orders.write', [['scope', 'orders.read orders.write']]],
    ['is joined where it is a list', ['orders.read', 'orders.write'], [['scope', 'orders.read orders.write']]],
    ['is cleaned of duplicates and blanks', [' a  b', 'a', ''], [['scope', 'a b']]],
  ])('%s', async (_, scope, expected) => {
    expect(await askedFor({ scope })).toEqual(expected);
  });
});

describe('other parameters', () => {
  test('a resource goes as often as it is given', async () => {
    expect(await askedFor({ resource: ['https://a.example.com/', 'urn:example:b', 'urn:example:b'] })).toEqual([
      ['resource', 'https://a.example.com/'],
      ['resource', 'urn:example:b'],
    ]);
  });

  test('an audience goes once or several times', async () => {
    expect(await askedFor({ audience: 'orders' })).toEqual([['audience', 'orders']]);
    expect(await askedFor({ audience: ['orders', 'billing'] })).toEqual([
      ['audience', 'orders'],
      ['audience', 'billing'],
    ]);
  });

  test('whatever else the server knows is sent along', async () => {
    expect(await askedFor({ parameters: { acr_values: 'tenant:7', x: ['1', '2'], y: undefined as never } })).toEqual([
      ['acr_values', 'tenant:7'],
      ['x', '1'],
      ['x', '2'],
    ]);
  });

  test.each([
    'grant_type',
    'client_id',
    'client_secret',
    'client_assertion',
    'client_assertion_type',
    'scope',
    'resource',
    'audience',
  ])('%s is not set by hand', (name) => {
    expect(misuse(() => source({ parameters: { [name]: 'x' } }))).toContain(`"${name}"`);
  });

  test('the same set of parameters, however it is spelled, shares one token', async () => {
    const received = answerTokenRequests(token(), token({ access_token: 'another' }));
    const base = source();
    const one = base.with({ scope: 'a b', audience: ['x', 'y'] });
    const same = base.with({ scope: ['b', 'a', 'a'], audience: ['y', 'x'] });
    expect((await one.getToken()).value).toBe((await same.getToken()).value);
    expect(received).toHaveLength(1);
  });

  test('parameters that only look alike do not share a token', async () => {
    answerTokenRequests(token({ access_token: 'first' }), token({ access_token: 'second' }));
    const base = source();
    const values = [];
    for (const parameters of [{ 'a=b': 'c' }, { a: 'b=c' }]) {
      values.push((await base.with({ parameters }).getToken()).value);
    }
    expect(values).toEqual(['first', 'second']);
  });
});

describe('the client secret', () => {
  test('may come from a function, which is read at every token request', async () => {
    const received = answerTokenRequests(token({ expires_in: 0 }), token({ expires_in: 0 }));
    const secrets = ['first', 'second'];
    const rotating = source({ clientSecret: async () => secrets.shift() ?? '' });
    await rotating.getToken();
    await rotating.getToken();
    expect(received.map((request) => new URLSearchParams(request.body).get('client_secret'))).toEqual([
      'first',
      'second',
    ]);
  });

  test.each<[string, () => string, object]>([
    [
      'that throws',
      () => {
        throw new Error('the vault is sealed');
      },
      { transient: true },
    ],
    ['that returns nothing', () => undefined as never, { transient: false }],
    ['that returns an empty string', () => '', { transient: false }],
    ['that returns bytes', () => Buffer.from(clientSecret) as never, { transient: false }],
  ])('from a function %s fails before anything is sent', async (_, secret, expected) => {
    const received = answerTokenRequests();
    const error = await failureOf(source({ clientSecret: secret }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', ...expected });
    expect(error.message).toContain('clientSecret function');
    expect(received).toEqual([]);
    expect(nock.pendingMocks()).toHaveLength(1);
  });
});
