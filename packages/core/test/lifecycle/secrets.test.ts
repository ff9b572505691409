import { describe, expect, test } from '@jest/globals';
import { hour, second } from '../test-clock.ts';
import { Client, failure, fate } from './client.ts';
import { HeldServer, oauthError, type Reply, unavailable } from './held-server.ts';

/** A client whose secret is `state.secret`, and a server that knows `state.right`. */
function rotating(expires_in = 3600): { client: Client; state: { secret: unknown; right: string; reads: number } } {
  const server = new HeldServer({ mayRefuse: true });
  const state = {
    secret: 'one' as unknown,
    reads: 0,
    set right(client_secret: string) {
      server.register(client_secret);
    },
  };
  state.right = 'one';
  const clientSecret = async (): Promise<string> => {
    state.reads++;
    if (state.secret instanceof Error) throw state.secret;
    return state.secret as string;
  };
  server.onRequest = (request) => request.answer({ expires_in });
  return { client: new Client({ clientSecret }, server), state };
}

test.each<[string, () => string | Promise<string>]>([
  ['a function', () => 's3cret'],
  ['an asynchronous function', async () => 's3cret'],
])('the secret may be %s', async (_, clientSecret) => {
  const client = new Client({ clientSecret });
  void client.ask();
  await client.server.answer();
  expect(client.server.requests[0]?.form.get('client_secret')).toBe('s3cret');
});

test('the secret is read at each token request, and at no other time', async () => {
  const { client, state } = rotating();
  expect(state.reads).toBe(0);
  await Promise.all(client.askTimes(100));
  expect(state.reads).toBe(1);
  Object.assign(state, { secret: 'two', right: 'two' });
  expect(await client.ask({ rejected: 'token-1' })).toBe('token-2');
  expect(state.reads).toBe(2);
});

/** A client whose secret the server has just refused. */
const refusedSecret = async (): Promise<ReturnType<typeof rotating>> => {
  const made = rotating();
  made.state.right = 'two';
  expect(await failure(made.client.ask())).toMatchObject({ error: 'invalid_client' });
  return made;
};

describe('a secret that was refused', () => {
  test('is not sent again for a while', async () => {
    const { client } = await refusedSecret();
    expect(await failure(client.ask())).toMatchObject({ error: 'invalid_client' });
    expect(client.requestCount).toBe(1);
    expect(client.events.at(-1)).toMatchObject({ type: 'skipped', code: 'ERR_OAUTH_RESPONSE', wait: 11 * second });
    client.clock.advance(11 * second);
    await failure(client.ask());
    expect(client.requestCount).toBe(2);
  });

  test('is tried at once when it has changed', async () => {
    const { client, state } = await refusedSecret();
    state.secret = 'two';
    expect(await client.ask()).toBe('token-2');
  });

  test('is forgotten once another is there, whatever befalls that one', async () => {
    const { client, state } = await refusedSecret();
    state.secret = 'two';
    const { onRequest } = client.server;
    client.server.onRequest = (request) => request.answer(unavailable());
    expect(await failure(client.ask())).toMatchObject({ status: 503 });
    expect(await failure(client.ask())).toMatchObject({ status: 503 });
    client.server.onRequest = onRequest;
    client.clock.advance(275);
    expect(await client.ask()).toBe('token-3');
  });

  test('is forgotten for all tokens of the client', async () => {
    const { client, state } = await refusedSecret();
    const other = client.source.with({ scope: 'other' });
    expect(await failure(other.getToken())).toMatchObject({ error: 'invalid_client' });
    state.secret = 'two';
    await client.ask();
    expect(await other.getToken()).toMatchObject({ value: 'token-3' });
  });

  test('is held against a secret that is a string, which never changes', async () => {
    const client = new Client();
    client.server.onRequest = (request) => request.answer(oauthError('invalid_client'));
    await failure(client.ask());
    await failure(client.ask());
    expect(client.requestCount).toBe(1);
    expect(client.events.at(-1)).toMatchObject({ type: 'skipped' });
  });

  test('does not end the life of the token that is there, and is looked at anew when that is over', async () => {
    const { client, state } = rotating();
    await client.ask();
    state.right = 'two';
    client.clock.advance(hour - 60 * second);
    expect(await fate(client.ask())).toBe('token-1');
    expect(await fate(client.ask())).toBe('token-1');
    // In the background nobody asks whether it has changed.
    expect(state.reads).toBe(2);
    state.secret = 'two';
    client.clock.advance(60 * second);
    expect(await client.ask()).toBe('token-3');
  });
});

test('only a failure that may be the secret’s is tried again because the secret may have changed', async () => {
  const { client, state } = rotating();
  const failWith = async (reply: Reply): Promise<number> => {
    client.server.onRequest = (request) => request.answer(reply instanceof Response ? reply.clone() : reply);
    client.clock.advance(hour);
    await failure(client.ask());
    const { reads } = state;
    await failure(client.ask());
    return state.reads - reads;
  };
  expect(await failWith(new Response(null, { status: 401 }))).toBe(1);
  expect(await failWith(oauthError('invalid_scope'))).toBe(1);
  expect(await failWith(new Response('<p>Welcome</p>'))).toBe(0);
  expect(await failWith(unavailable())).toBe(0);
});

test('metadata that cannot be had is not asked for at each call because the secret may have changed', async () => {
  let requests = 0;
  const client = new Client({
    tokenEndpoint: undefined,
    issuer: 'https://login.example.com',
    clientSecret: async () => 's3cret',
    fetch: async () => {
      requests++;
      return new Response(null, { status: 404 });
    },
  });
  expect(await failure(client.ask())).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', transient: false });
  const once = requests;
  for (let calls = 0; calls < 10; calls++) await failure(client.ask());
  expect(requests).toBe(once);
});

describe('a secret that cannot be read', () => {
  test('is a failure of the token request, and soon tried again', async () => {
    const { client, state } = rotating();
    state.secret = new Error('the vault is sealed');
    const error = await failure(client.ask());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true });
    expect(error.cause).toMatchObject({ message: 'the vault is sealed' });
    expect(await fate(client.ask())).toBe('ERR_TOKEN_REQUEST');
    expect(state.reads).toBe(1);
    state.secret = 'one';
    client.clock.advance(second);
    expect(await client.ask()).toBe('token-1');
  });

  test.each(['', undefined, 7])('because it is %p is read anew by whoever asks', async (secret) => {
    const { client, state } = rotating();
    state.secret = secret;
    expect(await failure(client.ask())).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: false });
    expect(client.requestCount).toBe(0);
    state.secret = 'one';
    expect(await client.ask()).toBe('token-1');
  });
});
