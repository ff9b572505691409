import { describe, expect, test } from '@jest/globals';
import {
  type Credential,
  extensionGrant,
  jwtBearer,
  refreshToken,
  sharedStore,
  tokenExchange,
  type TokenExchangeOptions,
  type TokenGrant,
  type TokenSourceOptions,
} from '../src/index.ts';
import {
  answerTokenRequests,
  clientId,
  clientSecret,
  failureOf,
  formOf,
  misuse,
  shownOf,
  source,
  token,
  tokenValue,
} from './support.ts';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const jwtType = 'urn:ietf:params:oauth:token-type:jwt';

const formOfInit = (init: RequestInit | undefined): string =>
  new URLSearchParams(init?.body as URLSearchParams).toString();

/** The form of a token request, without what says who the client is. */
async function formFor(grant: TokenGrant, options: Partial<TokenSourceOptions> = {}): Promise<[string, string][]> {
  const received = answerTokenRequests();
  await source({ grant, ...options }).getToken();
  return formOf(received[0]).filter(([name]) => !name.startsWith('client_'));
}

describe('what is sent', () => {
  test('with an assertion that names a subject', async () => {
    expect(await formFor(jwtBearer({ assertion: 'a.b.c' }), { scope: 'orders.read' })).toEqual([
      ['assertion', 'a.b.c'],
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      ['scope', 'orders.read'],
    ]);
  });

  test('for the exchange of a token, with all that may go with it', async () => {
    const grant = tokenExchange({
      subjectToken: async () => 'subject+/=',
      subjectTokenType: accessTokenType,
      actorToken: 'actor',
      actorTokenType: jwtType,
      requestedTokenType: accessTokenType,
    });
    const options = {
      resource: ['https://a.example.com', 'https://b.example.com'],
      audience: ['a', 'b'],
      scope: 'x y',
    };
    expect(await formFor(grant, { ...options, parameters: { custom: '1' } })).toEqual([
      ['actor_token', 'actor'],
      ['actor_token_type', jwtType],
      ['audience', 'a'],
      ['audience', 'b'],
      ['custom', '1'],
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['requested_token_type', accessTokenType],
      ['resource', 'https://a.example.com'],
      ['resource', 'https://b.example.com'],
      ['scope', 'x y'],
      ['subject_token', 'subject+/='],
      ['subject_token_type', accessTokenType],
    ]);
  });

  test('for the exchange of a token, with no more than is asked', async () => {
    expect(await formFor(tokenExchange({ subjectToken: 'subject', subjectTokenType: jwtType }))).toEqual([
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['subject_token', 'subject'],
      ['subject_token_type', jwtType],
    ]);
  });

  test('for a grant of the server’s own', async () => {
    const grant = extensionGrant('urn:example:delegation', { token: () => 'delegated', provider: 'other' });
    expect(await formFor(grant)).toEqual([
      ['grant_type', 'urn:example:delegation'],
      ['provider', 'other'],
      ['token', 'delegated'],
    ]);
    expect(await formFor(extensionGrant('urn:example:plain'))).toEqual([['grant_type', 'urn:example:plain']]);
  });
});

test.each<[string, (read: Credential) => TokenGrant]>([
  ['an assertion', (read) => jwtBearer({ assertion: read })],
  ['a subject token', (read) => tokenExchange({ subjectToken: read, subjectTokenType: jwtType })],
  ['an extension', (read) => extensionGrant('urn:example:grant', { token: read })],
  ['a refresh token', (read) => refreshToken({ load: read as () => string, save: () => {} })],
])('%s is read at each token request, and at no other time', async (_, grantOf) => {
  const received = answerTokenRequests(token({ access_token: 'a' }), token({ access_token: 'b' }));
  let reads = 0;
  const running = source({ grant: grantOf(async () => `credential-${++reads}`) });
  await Promise.all([running.getToken(), running.getToken()]);
  await running.getToken();
  await running.getToken({ rejected: 'a' });
  expect(reads).toBe(2);
  expect(received.map(({ body }) => /credential-\d/.exec(body)?.[0])).toEqual(['credential-1', 'credential-2']);
});

describe('what a grant presents', () => {
  const opaque = 'open+sesame/100%==';
  const grants: [string, TokenGrant][] = [
    ['jwtBearer', jwtBearer({ assertion: opaque })],
    ['tokenExchange', tokenExchange({ subjectToken: opaque, subjectTokenType: jwtType })],
    [
      'tokenExchange with an actor',
      tokenExchange({
        subjectToken: 'subject',
        subjectTokenType: jwtType,
        actorToken: opaque,
        actorTokenType: jwtType,
      }),
    ],
    ['extensionGrant', extensionGrant('urn:example:grant', { password: () => opaque })],
    ['refreshToken', refreshToken({ load: () => opaque, save: () => {} })],
  ];
  const spellings = [opaque, encodeURIComponent(opaque), new URLSearchParams({ opaque }).toString().slice(7)];

  test.each(grants)('of %s is shown nowhere', async (_, grant) => {
    const echo = { error: 'invalid_grant', error_description: `${spellings.join(' ')} of ${jwtType} is no good` };
    answerTokenRequests({ status: 400, body: echo });
    const running = source({ grant });
    const refused = await failureOf(running.getToken());
    const broken = source({
      grant,
      fetch: (_url, init) => Promise.reject(new Error(`cannot send ${formOfInit(init)} ${opaque}`)),
    });
    const unsent = await failureOf(broken.getToken());
    const shown = [refused, unsent, running, broken, grant].map((value) => shownOf(value)).join('\n');
    for (const spelling of spellings) expect(shown).not.toContain(spelling);
    expect(refused.message).toContain(`of ${jwtType} is no good`);
    expect(unsent.cause).toHaveProperty('message', expect.stringContaining('cannot send'));
  });

  test('is tried as soon as it is another one, after one that was refused', async () => {
    const received = answerTokenRequests({ status: 400, body: { error: 'invalid_grant' } }, token());
    let subjectToken = 'expired';
    const grant = tokenExchange({ subjectToken: () => subjectToken, subjectTokenType: jwtType });
    const running = source({ grant });
    await failureOf(running.getToken());
    await failureOf(running.getToken());
    expect(received).toHaveLength(1);
    subjectToken = 'fresh';
    await expect(running.getToken()).resolves.toMatchObject({ value: tokenValue });
  });

  test('is not asked of the server where its function fails', async () => {
    const grant = jwtBearer({ assertion: () => Promise.reject(new Error('no key')) });
    expect(await failureOf(source({ grant }).getToken())).toMatchObject({
      code: 'ERR_TOKEN_REQUEST',
      message: expect.stringContaining('assertion'),
    });
  });
});

const never = (): Promise<never> => Promise.reject(new Error('not to be called'));

describe('misuse', () => {
  const subject: TokenExchangeOptions = { subjectToken: 'subject', subjectTokenType: jwtType };

  test.each<[string, () => unknown, string]>([
    ['an assertion that is missing', () => jwtBearer({} as never), 'assertion'],
    ['an assertion that is empty', () => jwtBearer({ assertion: '' }), 'assertion'],
    ['no options of jwtBearer', () => jwtBearer(undefined as never), 'assertion'],
    ['no options of tokenExchange', () => tokenExchange(undefined as never), 'subjectToken'],
    ['a subject token without a type', () => tokenExchange({ subjectToken: 'a' } as never), 'subjectTokenType'],
    ['an actor token without a type', () => tokenExchange({ ...subject, actorToken: 'a' }), 'actorTokenType'],
    ['a type without an actor token', () => tokenExchange({ ...subject, actorTokenType: jwtType }), 'actorToken'],
    ['no options of refreshToken', () => refreshToken(undefined as never), 'load'],
    ['a refresh token that is text', () => refreshToken({ load: 'token', save: () => {} } as never), 'load'],
    ['a refresh token that nobody keeps', () => refreshToken({ load: () => '' } as never), 'save'],
    ['an extension without a type', () => extensionGrant('', {}), 'grant_type'],
    ['parameters of an extension that are no object', () => extensionGrant('urn:a', new Map() as never), 'object'],
    ['a parameter of an extension that is a number', () => extensionGrant('urn:a', { b: 7 as never }), 'b'],
    ['a grant that is text', () => source({ grant: 'password' as never }), 'grant'],
    ['a grant that is null', () => source({ grant: null as never }), 'grant'],
    ['a grant of one’s own', () => source({ grant: { type: 'urn:a' } }), 'grant'],
  ])('%s is refused by name', (_, use, named) => {
    expect(misuse(use)).toContain(named);
  });

  test.each(['grant_type', 'client_id', 'client_secret', 'client_assertion', 'scope', 'resource', 'audience'])(
    'an extension cannot set %s',
    (name) => {
      for (const spelling of [name, name.toUpperCase()])
        expect(misuse(() => extensionGrant('urn:example:grant', { [spelling]: 'x' }))).toContain(`"${spelling}"`);
    },
  );

  test.each<[string, TokenGrant]>([
    ['assertion', jwtBearer({ assertion: 'a' })],
    ['subject_token', tokenExchange(subject)],
    ['subject_token_type', tokenExchange(subject)],
    ['refresh_token', refreshToken({ load: () => 'a', save: () => {} })],
    ['custom', extensionGrant('urn:example:grant', { custom: 'a' })],
  ])('parameters cannot set %s, which the grant sets', (name, grant) => {
    const parameters = { [name]: 'another' };
    expect(misuse(() => source({ grant, parameters }))).toContain(name);
    const running = source({ grant });
    expect(misuse(() => running.with({ parameters }))).toContain(name);
    expect(() => source({ parameters })).not.toThrow();
  });

  test('tokens of others are not shared in a store', () => {
    const store = sharedStore({ get: never, set: never, lease: never, release: never });
    expect(misuse(() => source({ store, grant: jwtBearer({ assertion: 'a' }) }))).toContain('store');
  });
});

test('the client authenticates in whatever way it does, beside the grant', async () => {
  const received = answerTokenRequests();
  await source({ grant: jwtBearer({ assertion: 'a' }) }).getToken();
  expect(formOf(received[0])).toEqual([
    ['assertion', 'a'],
    ['client_id', clientId],
    ['client_secret', clientSecret],
    ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
  ]);
});
