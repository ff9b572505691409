import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asksForToken, parseChallenges } from '../src/requests/challenge.ts';
import { expectLinearTime } from './linear-time.ts';

type Expected = [scheme: string, parameters?: Record<string, string>][];

const read = (header: string): Expected =>
  parseChallenges(header).map(({ scheme, parameters }) =>
    parameters.size === 0 ? [scheme] : [scheme, Object.fromEntries(parameters)],
  );

describe('a WWW-Authenticate header', () => {
  test.each<[what: string, header: string, expected: Expected]>([
    ['one scheme alone', 'Bearer', [['bearer']]],
    ['one scheme and blanks', ' \tBearer ', [['bearer']]],
    ['schemes alone', 'Negotiate, NTLM,Bearer', [['negotiate'], ['ntlm'], ['bearer']]],
    ['a parameter', 'Bearer realm="api"', [['bearer', { realm: 'api' }]]],
    ['a parameter without quotes', 'Bearer error=invalid_token', [['bearer', { error: 'invalid_token' }]]],
    ['an empty parameter', 'Bearer realm=""', [['bearer', { realm: '' }]]],
    [
      'several parameters',
      'Bearer realm="api", error="invalid_token",error_description="expired"',
      [['bearer', { realm: 'api', error: 'invalid_token', error_description: 'expired' }]],
    ],
    [
      'several challenges, each with parameters',
      'Digest realm="a", qop="auth, auth-int", algorithm=MD5, Bearer realm="b", error="invalid_token"',
      [
        ['digest', { realm: 'a', qop: 'auth, auth-int', algorithm: 'MD5' }],
        ['bearer', { realm: 'b', error: 'invalid_token' }],
      ],
    ],
    [
      'the example of RFC 9110',
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    ['a token68', 'Negotiate YII/+.~_-AA==, Bearer', [['negotiate'], ['bearer']]],
    ['a token68 at the end', 'Bearer, NTLM TlRMTVNTUAAC=', [['bearer'], ['ntlm']]],
    [
      'the same scheme twice',
      'Bearer realm="a", Bearer realm="b"',
      [
        ['bearer', { realm: 'a' }],
        ['bearer', { realm: 'b' }],
      ],
    ],
    ['any case', 'BEARER Error="Invalid_Token"', [['bearer', { error: 'Invalid_Token' }]]],
    ['quoted escapes', 'Bearer realm="a\\"b\\\\c\\d"', [['bearer', { realm: 'a"b\\cd' }]]],
    ['an escaped line feed', 'Bearer realm="a\\\nb"', [['bearer', { realm: 'a\nb' }]]],
    ['a comma in quotes', 'Bearer realm="a, Basic b", scope=x', [['bearer', { realm: 'a, Basic b', scope: 'x' }]]],
    ['an equals sign in quotes', 'Bearer realm="error=x"', [['bearer', { realm: 'error=x' }]]],
    ['whitespace around the equals sign', 'Bearer realm \t= "a" , error= x', [['bearer', { realm: 'a', error: 'x' }]]],
    ['empty list elements', ',, Basic ,, realm="a" ,Bearer,,', [['basic', { realm: 'a' }], ['bearer']]],
    ['a parameter named like a scheme', 'Basic bearer="x", Bearer', [['basic', { bearer: 'x' }], ['bearer']]],
    ['the first of two equal parameters', 'Bearer error="a", error="b"', [['bearer', { error: 'a' }]]],
    ['a parameter named like a member of every object', 'Bearer constructor="x"', [['bearer', { constructor: 'x' }]]],
    ['a folded line', 'Bearer realm="a",\r\n error="b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['quotes that are never closed', 'Bearer realm="a, error="', [['bearer', { realm: 'a, error=' }]]],
    ['quotes that end in an escape', 'Bearer realm="a\\', [['bearer', { realm: 'a' }]]],
    ['a missing comma', 'Bearer realm="a" error="b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['a semicolon in place of a comma', 'Bearer realm="a"; error="b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['a missing value', 'Bearer scope=a, realm=, error="b"', [['bearer', { scope: 'a', realm: '', error: 'b' }]]],
    ['a missing value that may as well be a token68', 'Bearer realm=, error="b"', [['bearer', { error: 'b' }]]],
    ['characters of no meaning', '@Bearer (realm="a") é', [['bearer', { realm: 'a' }]]],
    ['nothing', '', []],
    ['nothing but separators', ' , ,\t', []],
  ])('with %s is read', (_, header, expected) => {
    expect(read(header)).toEqual(expected);
  });
});

describe('a 401', () => {
  test.each<[string, string | undefined]>([
    ['without the header', undefined],
    ['whose header is empty', ' '],
    ['with Bearer alone', 'Bearer'],
    ['with Bearer and no error', 'Bearer realm="api", scope="a b"'],
    ['with a refused token', 'Bearer error="invalid_token", error_description="The token expired"'],
    ['with Bearer in any case', 'bEARER ERROR=invalid_token'],
    ['with Bearer behind another scheme', 'Basic realm="a", Bearer realm="b"'],
    ['with Bearer behind a ticket', 'Negotiate YII=, Bearer'],
    ['with one Bearer of two that asks for it', 'Bearer error="insufficient_scope", Bearer error="invalid_token"'],
    ['with a refused DPoP token', 'DPoP error="invalid_token", algs="ES256"'],
    ['with an error of its own', 'Bearer error="account_locked"'],
    ['with an error that is empty', 'Bearer error=""'],
    ['with a scheme of its own', 'OAuth2 realm="a", error="invalid_token"'],
    ['with another one', 'Token'],
    ['with single quotes', "OAuth realm='a', error='invalid_token'"],
    ['with an expired token', 'Bearer error="expired_token"'],
    ['with invalid_client', 'Bearer error="invalid_client"'],
    ['with parameters and no scheme', 'error="invalid_token"'],
    ['with invalid_token behind a comma in quotes', 'Bearer realm="a, b", error="invalid_token"'],
  ])('%s asks for another token', (_, header) => {
    expect(asksForToken(header)).toBe(true);
  });

  test.each([
    ['that wants more scope', 'Bearer error="insufficient_scope", scope="orders.write"'],
    ['that was malformed', 'Bearer error="invalid_request"'],
    ['with Basic', 'Basic realm="api"'],
    ['with Negotiate', 'Negotiate'],
    ['with Digest', 'Digest realm="a", nonce="b", error="invalid_token"'],
    ['whose realm speaks of Bearer', 'Basic realm="Bearer error=invalid_token, Bearer"'],
    ['that wants more scope, in single quotes', "OAuth realm='a', error='insufficient_scope'"],
    ['that wants more scope beside another scheme', 'Bearer error="insufficient_scope", DPoP algs="ES256"'],
    ['that wants more scope beside Basic', 'Basic realm="a", Bearer error="insufficient_scope"'],
    ['that wants the user to prove more', 'Bearer error="insufficient_user_authentication", acr_values="b"'],
    ['with NTLM and Negotiate', 'Negotiate, NTLM'],
    ['with quotes that hide Bearer', 'Basic realm="a, Bearer error=invalid_token'],
    ['that wants a proof with its nonce', 'DPoP error="use_dpop_nonce", algs="ES256"'],
  ])('%s does not', (_, header) => {
    expect(asksForToken(header)).toBe(false);
  });
});

/** A challenge as a server writes it. */
const written = ([scheme, parameters]: [string, Record<string, string>]): string => {
  const list = Object.entries(parameters).map(([key, text]) => `${key}="${text.replaceAll(/["\\]/g, '\\$&')}"`);
  return `${scheme} ${list.join(', ')}`.trim();
};

describe('whatever a server sends', () => {
  const piece = fc.constantFrom(
    ...'\\"=,;:/ \t\n\r~é\u0000'.split(''),
    'Bearer',
    'error',
    'invalid_token',
    '""',
    '= ',
    'a68==',
  );
  const anything = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  );

  test('is read without an error, into schemes and parameters of RFC 9110 tokens', () => {
    fc.assert(
      fc.property(anything, (header) => {
        for (const { scheme, parameters } of parseChallenges(header)) {
          for (const name of [scheme, ...parameters.keys()]) expect(name).toMatch(/^[!#$%&'*+\-.^_`|~\w]+$/);
        }
        expect(typeof asksForToken(header)).toBe('boolean');
      }),
      { numRuns: 2_000, seed: 20261123 },
    );
  });

  test('is read back as it was written', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
    const value = fc.string({ maxLength: 12 });
    const challenge = fc.tuple(name, fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }));
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const expected = challenges.map(([scheme, parameters]) =>
          Object.keys(parameters).length === 0 ? [scheme] : [scheme, parameters],
        );
        expect(read(challenges.map(written).join(', '))).toEqual(expected);
      }),
      { numRuns: 500, seed: 20261123 },
    );
  });

  test.each<[string, string]>([
    ['quotes that are never closed', 'Bearer realm="'],
    ['escapes', 'Bearer realm="\\'],
    ['equals signs', 'Bearer a='],
    ['letters', 'Bearer a'],
    ['schemes', 'a '],
    ['spaces behind a name', 'Bearer realm '],
    ['commas', ','],
    ['blanks and commas', ', \t'],
    ['quotes', '"'],
    ['parameters', 'a=b,'],
    ['ticket after ticket', 'N a==,'],
    ['spaces that no comma ends', 'N a= '],
  ])('and however long, is read in no more than linear time: %s', (_, repeated) => {
    // The text as a whole, and its last character, again and again: 100,000 characters would take minutes if it were not.
    expectLinearTime((length) => {
      for (const unit of [repeated, repeated.at(-1) ?? '']) {
        const header = `${repeated}${unit.repeat(Math.ceil(length / unit.length))}`;
        for (const end of ['', 'x', '"', '=']) parseChallenges(header + end);
      }
    }, 100_000);
  });
});
