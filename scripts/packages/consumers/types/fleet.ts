// The other packages that can be required.
import { createTokenSource, type TokenSource } from '@tokenline/core';
import * as fetchAdapter from '@tokenline/fetch';
import { redisStore } from '@tokenline/redis';
import { fakeIdentityServer, protectedApi, type TestClock, testClock } from '@tokenline/testing';
import * as undiciAdapter from '@tokenline/undici';
import { mtlsFetch } from '@tokenline/undici/mtls-fetch';
import { createClient } from 'redis';
import { Agent } from 'undici';

const store = redisStore({ client: createClient(), encryptionKey: process.env.TOKEN_KEY ?? '' });
const source: TokenSource = createTokenSource({
  issuer: new URL('https://login.example.com'),
  clientId: 'orders',
  fetch: mtlsFetch({ cert: 'cert', key: 'key' }),
  store,
});
const origins = ['https://api.example.com'];

export const send: typeof fetch = fetchAdapter.bearerAuth(fetch, source, { origins });
export const dispatcher: Agent = undiciAdapter.bearerAuth(new Agent(), source, { origins });

const clock: TestClock = testClock();
const server = fakeIdentityServer({ clock, clients: { billing: { client_secret: 'sesame' } } });
const tested: TokenSource = createTokenSource({ ...server.client, fetch: server.fetch, clock });

export const test: typeof fetch = fetchAdapter.bearerAuth(protectedApi(server).fetch, tested, { origins });
