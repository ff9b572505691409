import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';
import { type ClientTokenSource, TokenError } from '@tokenline/core';
import { type Received, type Reply, serve, type Wire } from './recipes/wire.ts';
import { SnippetFolder, snippetsOf } from './snippets.ts';

const page = snippetsOf('docs/token-requests.md');
const folder = new SnippetFolder('token-requests');
const token = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600 };
const form = { grant_type: 'client_credentials', client_id: 'orders', client_secret: 'sesame' };

let wire: Wire;
let received: Received[];
let answer: (request: Received) => Reply;

beforeEach(async () => {
  received = [];
  answer = () => ({ json: token });
  wire = await serve((request) => {
    received.push(request);
    return answer(request);
  });
  Object.assign(process.env, { CLIENT_SECRET: 'sesame', API_KEY: 'key-of-the-gateway' });
});

afterEach(async () => {
  delete process.env['CLIENT_SECRET'];
  delete process.env['API_KEY'];
  await wire.close();
});

afterAll(() => folder.remove());

/** The source of a recipe, which sends its requests to the local server, or to where `changes` say. */
async function sourceOf(heading: string, changes: Readonly<Record<string, string>> = {}): Promise<ClientTokenSource> {
  const [recipe] = page.filter((snippet) => snippet.heading === heading);
  const code = `${recipe?.code}\nexport { source };\n`;
  const file = await folder.write({ heading, code }, { 'https://login.example.com': wire.origin, ...changes });
  const { source } = (await import(file)) as { source: ClientTokenSource };
  return source;
}

test('every ts recipe of the page is run', () => {
  const recipes = ['Headers for a gateway', 'A JSON body', 'A nested answer', 'A private CA'];
  expect(page.map(({ heading }) => heading)).toEqual(recipes);
});

test('a gateway gets its headers, with a new correlation id for every token request', async () => {
  const source = await sourceOf('Headers for a gateway');
  await source.getToken();
  await source.getToken({ rejected: 'token-1' }).catch(() => {});
  expect(received.map(({ headers }) => headers['x-api-key'])).toEqual(['key-of-the-gateway', 'key-of-the-gateway']);
  expect(new Set(received.map(({ headers }) => headers['x-correlation-id'])).size).toBe(2);
});

test('a server that wants JSON gets the form as JSON', async () => {
  answer = ({ headers, body }) =>
    headers['content-type'] === 'application/json' && JSON.parse(body) ? { json: token } : { status: 415 };
  const { value } = await (await sourceOf('A JSON body')).getToken();
  expect(value).toBe('token-1');
  expect(JSON.parse(received[0]?.body ?? '')).toEqual(form);
});

test('a nested answer is read', async () => {
  answer = () => ({ json: { data: token } });
  const start = Date.now();
  const { value, expiresAt = 0 } = await (await sourceOf('A nested answer')).getToken();
  expect(value).toBe('token-1');
  expect(expiresAt - 3_600_000).toBeGreaterThanOrEqual(start);
  expect(expiresAt - 3_600_000).toBeLessThanOrEqual(Date.now());
  expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual(form);
});

test('an error of a server with nested answers is read as usual', async () => {
  answer = () => ({ status: 400, json: { error: 'invalid_scope' } });
  const error = await (await sourceOf('A nested answer')).getToken().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TokenError);
  expect(error).toMatchObject({ code: 'ERR_OAUTH_RESPONSE', error: 'invalid_scope' });
});

test('a server with a certificate of a private CA is asked by the source that knows the CA', async () => {
  const authority = await privateAuthority();
  const server = createServer(await authority.issue('localhost'), (request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(token)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ca = new URL('private-ca.pem', folder.url);
  await mkdir(folder.url, { recursive: true });
  await writeFile(ca, authority.ca);
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const source = await sourceOf('A private CA', {
    'https://login.example.com': origin,
    '/etc/ssl/private-ca.pem': ca.pathname,
  });
  expect(await source.getToken()).toMatchObject({ value: 'token-1' });
  server.closeAllConnections();
  server.close();
});
