import { expect, test } from '@jest/globals';
import { introspect } from '../src/adapter.ts';
import {
  answer,
  clientId,
  clientSecret,
  expectNoSecretIn,
  failureOf,
  formOf,
  issuer,
  tokenEndpoint,
  tokenValue,
} from './support.ts';

const endpoint = `${issuer}/connect/introspect`;
const server = { issuer, token_endpoint: tokenEndpoint, introspection_endpoint: endpoint };
const options = { issuer, clientId, clientSecret };

const ask = (more: object = {}): Promise<unknown> =>
  introspect({ ...options, ...more }, server, tokenValue, new AbortController().signal);

test('the server says what it knows of a token', async () => {
  const received = answer('POST', endpoint, { body: { active: true, scope: 'orders.read' } });
  await expect(ask()).resolves.toEqual({ active: true, scope: 'orders.read' });
  expect(formOf(received[0])).toEqual([
    ['client_id', clientId],
    ['client_secret', clientSecret],
    ['token', tokenValue],
    ['token_type_hint', 'access_token'],
  ]);
});

test('the client presents its secret in the other way where the server refuses the first', async () => {
  const received = answer('POST', endpoint, { status: 401 }, { body: { active: false } });
  await expect(ask()).resolves.toEqual({ active: false });
  expect(received[1]?.headers.get('authorization')).toMatch(/^Basic /);
});

test.each([
  ['refuses', { status: 400, body: { error: 'invalid_request', error_description: `${clientSecret} ${tokenValue}` } }],
  ['answers with a page', { body: `<html>${tokenValue}</html>`, headers: { 'content-type': 'text/html' } }],
])('an error says where the server %s, and shows no secret', async (_, reply) => {
  answer('POST', endpoint, reply);
  const error = await failureOf(ask());
  expect(error.message).toContain(endpoint);
  expectNoSecretIn(error);
});

test('an endpoint without https is refused', async () => {
  const plain = { ...server, introspection_endpoint: 'http://login.example.com/introspect' };
  const asked = introspect(options, plain, tokenValue, new AbortController().signal);
  await expect(asked).rejects.toThrow('introspection_endpoint must use https');
});
