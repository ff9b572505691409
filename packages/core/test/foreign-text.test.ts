import { describe, expect, test } from '@jest/globals';
import { createCustomTokenSource, createTokenSource, type TokenError, type TokenEvent } from '../src/index.ts';
import { type AuthorizedRequest, Authorizer } from '../src/adapter.ts';
import { tokenSources } from '../src/source/token-source.ts';
import { clientId, clientSecret, failureOf, issuer, misuse, source, tokenEndpoint } from './support.ts';
import { hour, untimedClock } from './test-clock.ts';

const password = 'opensesame';
const long = 'x'.repeat(500_000);
const control = `\0\r\nX-Evil: 1\u001b[31m\u0085\u202e\u2028\u200b`;

/** Texts that a server, or an error of somebody else, may hold. */
const texts: readonly [string, string][] = [
  ['half a megabyte', long],
  ['control characters', control],
  ['both', `${control}${long}`],
];

/** Whatever somebody can read of an error: texts of itself and of its causes, but for the stack. */
function textsOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { message, name, cause } = error as Partial<Error>;
  const own = Object.values(error).filter((value) => typeof value === 'string');
  return [message ?? '', name ?? '', ...own, ...textsOf(cause)];
}

function expectShort(error: TokenError, events: readonly TokenEvent[] = []): void {
  for (const text of [...textsOf(error), ...events.flatMap((event) => Object.values(event).map(String))]) {
    expect(text.length).toBeLessThan(3_000);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).not.toContain(password);
  }
  expect(String(error.stack).length).toBeLessThan(10_000);
}

/** A redirect. No header can hold control characters. */
const led = (location: string): Response =>
  new Response(null, { status: 302, headers: { location: location.replaceAll(/[^\x21-\x7e]/g, '') } });

describe.each(texts)('%s', (_, text) => {
  const path = `https://login.example.com/${text}`;
  const metadata = { issuer, token_endpoint: tokenEndpoint };
  const found = (fields: object): Response => Response.json({ ...metadata, ...fields });

  const answers: readonly [string, () => Response][] = [
    ['the issuer', () => found({ issuer: path })],
    ['the host of the issuer', () => found({ issuer: `https://${text}.example.com` })],
    ['the token endpoint', () => found({ token_endpoint: path })],
    ['a token endpoint without https', () => found({ token_endpoint: path.replace('https', 'http') })],
    ['a redirect within the origin', () => led(path)],
    ['a redirect elsewhere', () => led(`https://evil.example.com/${text}`)],
    ['a page', () => new Response(`<title>${text}</title>`, { status: 404 })],
    [
      'the content type',
      () => new Response('no', { headers: { 'content-type': `text/${text.replaceAll(/[^x]/g, '')}` } }),
    ],
    ['an error', () => Response.json({ error: text, error_description: text }, { status: 400 })],
  ];

  test.each(answers)('as %s of metadata gets into no error and no event', async (__, answer) => {
    const events: TokenEvent[] = [];
    const fetch = async (): Promise<Response> => answer();
    const failing = source({ issuer, fetch, onEvent: (event) => events.push(event) });
    expectShort(await failureOf(failing.getToken()), events);
  });

  test.each<[string, object, number]>([
    ['error', { error: text }, 400],
    ['error_description', { error: 'invalid_scope', error_description: text }, 400],
    ['error_uri', { error: 'invalid_scope', error_uri: path }, 400],
    ['error of a 200', { error: text, error_uri: text }, 200],
    ['message of a gateway', { message: text, [text]: text }, 502],
    ['token_type', { access_token: 'a', token_type: text }, 200],
    ['token_type of another scheme', { access_token: 'a', token_type: `mac${text}` }, 200],
    ['access_token', { access_token: text }, 200],
  ])('as the %s of a token response gets into no error and no event', async (__, body, status) => {
    const events: TokenEvent[] = [];
    const fetch = async (): Promise<Response> => Response.json(body, { status });
    const asked = source({ fetch, onEvent: (event) => events.push(event) }).getToken();
    const [result] = await Promise.allSettled([asked]);
    if (result?.status === 'rejected') expectShort(result.reason as TokenError, events);
  });

  test('as an error of somebody else gets into none of ours', async () => {
    const broken = Object.assign(new Error(text, { cause: new Error(text) }), { name: text, code: text });
    const fetch = (): never => {
      throw broken;
    };
    expectShort(await failureOf(source({ fetch }).getToken()));
    expectShort(await failureOf(source({ issuer, fetch }).getToken()));
    expectShort(await failureOf(source({ clientSecret: fetch }).getToken()));
    expectShort(await failureOf(createCustomTokenSource({ acquire: fetch, patience: 0 }).getToken()));
  });

  test('as the challenge of an API gets into no error and no event', async () => {
    const events: TokenEvent[] = [];
    let issued = 0;
    const running = source({
      fetch: async () =>
        issued++
          ? Response.json({ error: 'invalid_scope' }, { status: 400 })
          : Response.json({ access_token: 'first' }),
      onEvent: (event) => events.push(event),
    });
    const authorizer = new Authorizer(running, 'https://api.example.com');
    const attempt = (await authorizer.authorize({ url: 'https://api.example.com/orders' })) as AuthorizedRequest;
    const challenge = `Bearer realm="${text}", error="${text}", claims="${text}", ${text}="${text}"`;
    await attempt.retry({ status: 401, headers: { 'www-authenticate': challenge, 'dpop-nonce': text } }, undefined);
    expectShort(attempt.failure as TokenError, events);
  });
});

describe('a URL with credentials', () => {
  const url = `https://user:${password}@login.example.com`;
  const client = { clientId, clientSecret };

  test.each([
    ['issuer', () => createTokenSource({ ...client, issuer: url })],
    ['issuer, as a URL', () => createTokenSource({ ...client, issuer: new URL(url) })],
    ['tokenEndpoint', () => createTokenSource({ ...client, tokenEndpoint: `${url}/token` })],
    [
      'tokenEndpoint, user alone',
      () => createTokenSource({ ...client, tokenEndpoint: `https://${password}@a.example/` }),
    ],
    ['tokenEndpoint without a scheme', () => createTokenSource({ ...client, tokenEndpoint: `user:${password}@host` })],
    ['revocationEndpoint', () => createTokenSource({ ...client, tokenEndpoint, revocationEndpoint: url })],
    ['resource with a fragment', () => source({ resource: `${url}#a` })],
    ['origins', () => new Authorizer(source(), undefined, { origins: [url] })],
  ])('as the option %s is refused, and not shown', (_, use) => {
    const message = misuse(use);
    expect(message).toEqual(expect.any(String));
    expect(message).not.toContain(password);
  });

  test.each<[string, object]>([
    ['token_endpoint', { issuer, token_endpoint: `${url}/token` }],
    ['token_endpoint, user alone', { issuer, token_endpoint: `https://${password}@login.example.com/token` }],
    ['issuer', { issuer: url, token_endpoint: tokenEndpoint }],
    ['issuer of another host', { issuer: `https://user:${password}@other.example.com`, token_endpoint: tokenEndpoint }],
  ])('as the %s of metadata is refused, and not shown', async (_, body) => {
    const sent: string[] = [];
    const fetch = async (to: string): Promise<Response> => {
      sent.push(to);
      return Response.json(body);
    };
    const error = await failureOf(source({ issuer, fetch }).getToken());
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_RESPONSE' });
    expectShort(error);
    expect(sent.every((to) => to.includes('.well-known'))).toBe(true);
  });

  test.each([`${url}/metadata`, `//user:${password}@login.example.com/metadata`])(
    'is followed by no discovery, and not shown: %#',
    async (location) => {
      const sent: string[] = [];
      const fetch = async (to: string): Promise<Response> => {
        sent.push(to);
        if (to.includes('@')) throw new TypeError(`Request cannot be constructed from a URL with credentials: ${to}`);
        return new Response(null, { status: 302, headers: { location } });
      };
      expectShort(await failureOf(source({ issuer, fetch }).getToken()));
      expect(sent.join(' ')).not.toContain(password);
    },
  );
});

test('of the URLs that a server leads to, a hundred are remembered', async () => {
  let count = 0;
  const clock = untimedClock();
  const running = source({ issuer, clock, fetch: async () => led(`/metadata/${count++}`) });
  for (let round = 0; round < 30; round++) {
    await failureOf(running.getToken());
    clock.advance(hour);
  }
  expect(tokenSources.behind(running)?.ownUrls.size).toBe(100);
});
