import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import { createTokenSource, tokenErrorOf } from '@tokenline/core';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { clients } from '../demo/clients.ts';

// As a team has it: the identity server signs, and the API knows nothing of it but its keys.
let identity: IdentityServer;
let api: ApiServer;
const presented: string[] = [];
let verify: (token: string) => Promise<Record<string, unknown>>;

beforeAll(async () => {
  identity = await IdentityServer.start({ accessTokenFormat: 'jwt' });
  const keys = createRemoteJWKSet(new URL(`${identity.issuer}/jwks`));
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  api.respond = ({ authorization = '' }) => {
    presented.push(authorization.replace('Bearer ', ''));
    return undefined;
  };
  // Fetched once, before the identity server's requests are counted.
  await keys.reload();
  verify = async (token) => (await jwtVerify(token, keys, { issuer: identity.issuer })).payload;
});

afterAll(() => Promise.all([identity.close(), api.close()]));

describe.each(Object.entries(clients))('from discovery to the API, with %s', (_, attach) => {
  test('the API finds a token of the identity server that is for this client and scope', async () => {
    const source = createTokenSource({ ...identity.client, scope: 'orders.read' });
    const before = identity.tokenRequests;
    const get = attach(api.origin, source);
    expect(await Promise.all(Array.from({ length: 50 }, () => get('orders')))).toEqual(Array(50).fill(200));
    expect(identity.tokenRequests - before).toBe(1);
    expect(await verify(presented.at(-1) ?? '')).toMatchObject({ client_id: 'orders', scope: 'orders.read' });
  });

  test('an identity server that refuses the client is what the error says, and the API hears nothing', async () => {
    const source = createTokenSource({ ...identity.client, clientSecret: 'wrong' });
    const before = api.requests.length;
    const error = await attach(api.origin, source)('orders').catch(tokenErrorOf);
    expect(error).toMatchObject({ code: 'ERR_OAUTH_RESPONSE', error: 'invalid_client' });
    expect(api.requests.length).toBe(before);
  });

  test('an identity server that is not there is what the error says', async () => {
    const source = createTokenSource({ ...identity.client, issuer: 'http://127.0.0.1:9', patience: 0 });
    const error = await attach(api.origin, source)('orders').catch(tokenErrorOf);
    expect(error).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', transient: true });
  });
});
