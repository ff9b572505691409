import { expect, test } from '@jest/globals';
import { OAuthError, TokenError } from '@tokenline/core';
import { bearerAuth } from '@tokenline/fetch';
import { failingTokenSource, fakeIdentityServer, protectedApi, staticTokenSource } from '../src/index.ts';

const api = protectedApi(fakeIdentityServer());
const client = (source: ReturnType<typeof staticTokenSource>) =>
  bearerAuth(api.fetch, source, { origins: [api.origin] });

test('a static source always has the same token', async () => {
  const source = staticTokenSource('t');
  expect(await source.getToken()).toMatchObject({ value: 't', type: 'Bearer' });
  expect((await source.with({ scope: 'orders.read' }).getToken()).value).toBe('t');
  source.refuse('t');
  await source.revoke();
  await source[Symbol.asyncDispose]();
  expect((await source.getToken({ rejected: 'another' })).value).toBe('t');
  await expect(source.getToken({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
});

test('an API that refuses it gets the last word', async () => {
  const source = staticTokenSource('t');
  await expect(source.getToken({ rejected: 't' })).rejects.toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
  const before = api.requests.length;
  expect((await client(source)(`${api.origin}/orders`)).status).toBe(401);
  expect(api.requests).toHaveLength(before + 1);
});

test('a failing source has no token, and the API hears nothing', async () => {
  const before = api.requests.length;
  await expect(client(failingTokenSource())(`${api.origin}/orders`)).rejects.toBeInstanceOf(TokenError);
  await expect(failingTokenSource().with({}).getToken()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST' });
  const error = new OAuthError('refused', { error: 'invalid_client' });
  await expect(failingTokenSource(error).getToken()).rejects.toBe(error);
  expect(api.requests).toHaveLength(before);
});
