import { describe, expect, test } from '@jest/globals';
import type { ClientTokenSource, TokenParameters } from '../../src/index.ts';
import { second } from '../test-clock.ts';
import { Client, failure, fate, tally } from './client.ts';
import { oauthError, settle, unavailable } from './held-server.ts';

const ask = async (source: ClientTokenSource): Promise<string> => (await source.getToken()).value;

/** A client whose server answers at once. */
function servedClient(options?: ConstructorParameters<typeof Client>[0]): Client {
  const client = new Client(options);
  client.server.onRequest = (request) => request.grant();
  return client;
}

const everything = {
  scope: 'read write',
  resource: ['https://a.example.com', 'https://b.example.com'],
  audience: ['api', 'api2'],
  parameters: { tenant: 'north', acr: ['1', '2'] },
};

test('another scope, resource, audience or parameter is another token of the same client', async () => {
  const client = servedClient();
  expect(await ask(client.source.with(everything))).toBe('token-1');
  expect([...(client.server.requests[0]?.form ?? [])]).toEqual([
    ['scope', 'read write'],
    ['resource', 'https://a.example.com'],
    ['resource', 'https://b.example.com'],
    ['audience', 'api'],
    ['audience', 'api2'],
    ['tenant', 'north'],
    ['acr', '1'],
    ['acr', '2'],
    ['grant_type', 'client_credentials'],
    ['client_id', 'orders'],
    ['client_secret', 's3cret'],
  ]);
});

test.each<[string, TokenParameters]>([
  ['the order of scopes', { ...everything, scope: 'write read' }],
  ['the same scope twice', { ...everything, scope: ['read', ' write', 'read'] }],
  ['the order of resources', { ...everything, resource: everything.resource.toReversed() }],
  ['the same resource twice', { ...everything, resource: [...everything.resource, 'https://a.example.com'] }],
  ['the order of audiences', { ...everything, audience: everything.audience.toReversed() }],
  ['the order of parameters', { ...everything, parameters: { acr: ['1', '2'], tenant: 'north' } }],
])('%s does not make another token', async (_, parameters) => {
  const client = servedClient();
  await ask(client.source.with(everything));
  expect(await ask(client.source.with(parameters))).toBe('token-1');
});

test.each<[string, TokenParameters]>([
  ['another scope', { ...everything, scope: 'read' }],
  ['no scope', { ...everything, scope: '' }],
  ['another resource', { ...everything, resource: 'https://a.example.com' }],
  ['another audience', { ...everything, audience: 'api2' }],
  ['another value of a parameter', { ...everything, parameters: { tenant: 'south', acr: ['1', '2'] } }],
  ['one value fewer', { ...everything, parameters: { tenant: 'north', acr: '1' } }],
  ['another order of the values of a parameter', { ...everything, parameters: { tenant: 'north', acr: ['2', '1'] } }],
  ['a value more than once', { ...everything, parameters: { tenant: 'north', acr: ['1', '2', '2'] } }],
  ['one more parameter', { ...everything, parameters: { ...everything.parameters, prompt: 'none' } }],
  ['a parameter of another name', { ...everything, parameters: { tenant_: 'north', acr: ['1', '2'] } }],
  ['a parameter that looks like another', { ...everything, parameters: { 'tenant=north': '', acr: ['1', '2'] } }],
])('%s makes another token', async (_, parameters) => {
  const client = servedClient();
  await ask(client.source.with(everything));
  expect(await ask(client.source.with(parameters))).toBe('token-2');
});

test('what is not said stays as it was', async () => {
  const client = servedClient({ scope: 'read' });
  const narrowed = client.source.with({ audience: 'api' });
  await ask(narrowed.with({ scope: undefined, resource: 'https://a.example.com' }));
  expect([...(client.server.requests[0]?.form ?? [])].slice(0, 3)).toEqual([
    ['scope', 'read'],
    ['resource', 'https://a.example.com'],
    ['audience', 'api'],
  ]);
  expect(await ask(client.source.with({ scope: 'read' }))).toBe(await client.ask());
});

test('requests for different keys do not wait for each other', async () => {
  const client = new Client();
  const hanging = client.ask();
  await settle();
  const { source } = client;
  const other = ask(source.with({ scope: 'other' }));
  await settle();
  client.server.requests[1]?.answer();
  expect(await other).toBe('token-2');
  expect(await fate(hanging)).toBe('waits');
});

test('all keys share the metadata and the secret', async () => {
  const requested: string[] = [];
  const client = new Client({
    tokenEndpoint: undefined,
    issuer: 'https://login.example.com',
    clientSecret: () => 'shared',
    fetch: async (url) => {
      requested.push(new URL(url).pathname);
      return Response.json(
        requested.length === 1
          ? { issuer: 'https://login.example.com', token_endpoint: 'https://login.example.com/token' }
          : { access_token: `token-${requested.length}`, token_type: 'Bearer' },
      );
    },
  });
  await Promise.all(['a', 'b', 'c'].map((scope) => ask(client.source.with({ scope }))));
  expect(requested).toEqual(['/.well-known/openid-configuration', '/token', '/token', '/token']);
});

/** A client whose first token request failed like that, and whose server is well now. */
const failedClient = async (reply: Response): Promise<Client> => {
  const client = servedClient();
  client.server.onRequest = (request) => request.answer(reply);
  await failure(client.ask());
  client.server.onRequest = (request) => request.answer();
  return client;
};

describe('the failure of one key', () => {
  test.each([
    ['an unwell endpoint', unavailable()],
    ['a refused client', oauthError('invalid_client')],
    ['a client that may not do this', oauthError('unauthorized_client')],
  ])('holds for all keys when it is %s', async (_, reply) => {
    const client = await failedClient(reply);
    await failure(ask(client.source.with({ scope: 'other' })));
    expect(client.requestCount).toBe(1);
  });

  test.each([
    ['a refused scope', oauthError('invalid_scope')],
    ['a refused resource', oauthError('invalid_target')],
    ['an answer that is no token', new Response('{}')],
  ])('says nothing of other keys when it is %s', async (_, reply) => {
    const client = await failedClient(reply);
    expect(await ask(client.source.with({ scope: 'other' }))).toBe('token-2');
    // Nor does the success of another key say anything of this one.
    await failure(client.ask());
    expect(client.requestCount).toBe(2);
  });

  test('says nothing of other keys when it is that no other token can be had for a refused one', async () => {
    const client = servedClient();
    client.server.onRequest = (request) => request.answer({ access_token: 'the-same' });
    await client.ask();
    expect(await failure(client.ask({ rejected: 'the-same' }))).toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
    expect(await ask(client.source.with({ scope: 'other' }))).toBe('the-same');
  });

  test('counts once, however many keys failed together', async () => {
    const client = new Client({ random: () => 0 });
    const asked = Array.from({ length: 20 }, (_, key) => ask(client.source.with({ scope: `key-${key}` })));
    await settle();
    await client.server.answer(unavailable);
    expect(await tally(asked)).toEqual({ ERR_TOKEN_REQUEST: 20 });
    client.clock.advance(250);
    expect(await fate(client.ask())).toBe('waits');
  });

  test('is over for all keys when one has got a token', async () => {
    const client = await failedClient(unavailable());
    client.clock.advance(second);
    await ask(client.source.with({ scope: 'other' }));
    client.server.onRequest = (request) => request.answer(unavailable());
    client.clock.advance(second);
    await failure(client.ask());
    expect(client.events.at(-1)).toMatchObject({ type: 'failed' });
    await failure(client.ask());
    // 10 % of jitter on the first pause, not on the second.
    expect(client.events.at(-1)).toMatchObject({ type: 'skipped', wait: 275 });
  });
});

const askKey = (client: Client, key: number): Promise<string> => ask(client.source.with({ scope: `key-${key}` }));

describe('the tokens that are kept', () => {
  test('are bounded: the one unused for longest goes first', async () => {
    const client = servedClient({ maxCachedTokens: 3 });
    for (const key of [1, 2, 3, 1, 4]) await askKey(client, key);
    expect(client.requestCount).toBe(4);
    expect(await askKey(client, 1)).toBe('token-1');
    expect(await askKey(client, 3)).toBe('token-3');
    expect(await askKey(client, 4)).toBe('token-4');
    expect(await askKey(client, 2)).toBe('token-5');
    expect(await askKey(client, 1)).toBe('token-6');
  });

  test('are 1,000 by default', async () => {
    const client = servedClient();
    for (let key = 1; key <= 1_000; key++) await askKey(client, key);
    expect(await askKey(client, 1)).toBe('token-1');
    await askKey(client, 1_001);
    expect(await askKey(client, 1)).toBe('token-1');
    expect(await askKey(client, 2)).toBe('token-1002');
  });

  test('may be more for as long as their requests are under way', async () => {
    const client = new Client({ maxCachedTokens: 2 });
    const asked = [1, 2, 3, 4, 5].map((key) => askKey(client, key));
    const again = [1, 2, 3, 4, 5].map((key) => askKey(client, key));
    await settle();
    expect(client.requestCount).toBe(5);
    for (const request of client.server.requests) request.grant();
    expect(await Promise.all(again)).toEqual(await Promise.all(asked));
    // Back within the bound with the next new key.
    client.server.onRequest = (request) => request.grant();
    await askKey(client, 6);
    expect(await askKey(client, 5)).toBe('token-5');
    expect(await askKey(client, 4)).toBe('token-7');
  });

  test('are found however often another one was asked for', async () => {
    const client = servedClient({ maxCachedTokens: 2 });
    for (const key of [1, 1, 1, 2, 2, 1]) await askKey(client, key);
    expect(client.requestCount).toBe(2);
  });
});
