import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import { Authorizer } from '../src/adapter.ts';
import {
  clientSecretBasic,
  clientSecretJwt,
  createCustomTokenSource,
  createTokenSource,
  type Fetch,
  jwtBearer,
  privateKeyJwt,
  proofKey,
  sharedStore,
  type TokenSource,
} from '../src/index.ts';
import { misuse } from './support.ts';

const evil = 'https://evil.example.net';
const issuer = 'https://login.example.com';
const api = 'https://api.example.com';
const url = `${api}/orders`;
const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
]);
const jwk = await crypto.subtle.exportKey('jwk', privateKey);

/** What somebody has put where every object inherits it. Each would change something if it counted. */
const gadgets: [name: string, value: unknown][] = [
  ['access_token', 'evil'],
  ['actorToken', 'evil'],
  ['algorithm', 'PS256'],
  ['allowInsecureRequests', true],
  ['assertion', 'evil'],
  ['audience', 'evil'],
  ['bearerAuth', { scope: 'evil' }],
  ['bearerAuth', false],
  ['claims', '{"evil":true}'],
  ['client_id', 'evil'],
  ['clientAuthentication', 'none'],
  ['clientId', 'evil'],
  ['clientSecret', 'evil'],
  ['dpop', proofKey()],
  ['encoding', 'raw'],
  ['expires_in', 1],
  ['expiresIn', 1],
  ['fetch', () => Promise.reject(new Error('evil'))],
  ['grant', jwtBearer({ assertion: 'evil' })],
  ['header', { jku: evil }],
  ['headers', { evil: 'yes' }],
  ['issuer', evil],
  ['kid', 'evil'],
  ['method', 'DELETE'],
  ['mtls_endpoint_aliases', { token_endpoint: evil, revocation_endpoint: evil }],
  ['origins', [evil]],
  ['parameters', { evil: 'yes' }],
  ['plaintext', true],
  ['refresh_token', 'evil'],
  ['refreshIn', 1],
  ['refused', () => true],
  ['rejected', 'token'],
  ['replace', true],
  ['resource', evil],
  ['revocation_endpoint', evil],
  ['revocationEndpoint', evil],
  ['scheme', 'Evil'],
  ['scope', 'evil'],
  ['signal', AbortSignal.abort('evil')],
  ['store', sharedStore(new MemoryStore())],
  ['subjectToken', 'evil'],
  ['timeout', 1],
  ['token_endpoint', evil],
  ['tokenEndpoint', evil],
  ['use_mtls_endpoint_aliases', true],
];

const clean = (): void => {
  for (const [name] of gadgets) Reflect.deleteProperty(Object.prototype, name);
};

/** A server that answers whatever host is asked, and notes who it was. */
function everyServer() {
  const sent: string[] = [];
  const fetch: Fetch = async (to, options) => {
    const { method = 'GET', body = '', headers } = options;
    const assertion = new URLSearchParams(String(body)).get('client_assertion')?.split('.')[0];
    const shown = String(body).replaceAll(/client_assertion=[^&]*/g, 'client_assertion=');
    sent.push(`${method} ${to} ${shown} ${assertion ? atob(assertion) : ''} ${JSON.stringify(headers)}`);
    return Response.json(
      to.includes('.well-known') ? { issuer, token_endpoint: `${issuer}/token` } : { access_token: 'token' },
    );
  };
  return { sent, fetch };
}

/** What sources, and requests that carry their tokens, do. The same must come of it with every gadget. */
async function behaviour(): Promise<unknown> {
  const { sent, fetch } = everyServer();
  const client = { clientId: 'orders', clientSecret: 's+3', fetch };
  const sources = [
    createTokenSource({ ...client, issuer }),
    createTokenSource({ ...client, tokenEndpoint: `${issuer}/token`, clientAuthentication: clientSecretBasic({}) }),
    createTokenSource({ ...client, issuer, clientAuthentication: clientSecretJwt() }),
    createTokenSource({ issuer, fetch, grant: jwtBearer({ assertion: 'mine' }) }),
    createTokenSource({ issuer, fetch, clientId: 'orders', clientAuthentication: privateKeyJwt({ key: jwk }) }),
    createCustomTokenSource({ acquire: async () => ({ value: 'custom' }) }),
  ];
  const seen: unknown[] = [];
  for (const source of sources) {
    const token = await source.getToken();
    seen.push(token.value, token.scope, token.expiresAt, source.allowInsecureRequests);
    // From the source, not from a new request.
    await source.getToken({});
    await source.with({ audience: 'other' }).getToken({});
    seen.push(await headersOf(source));
    await source.revoke();
  }
  const own: TokenSource = { getToken: async () => ({ value: 'own' }) };
  seen.push(
    await headersOf(own),
    misuse(() => new Authorizer(own, undefined)),
  );
  seen.push(misuse(() => new Authorizer(own, 'http://api.example.com')));
  seen.push(misuse(() => createTokenSource({ ...client, tokenEndpoint: 'http://login.example.com' })));
  for (const options of [{}, { issuer }, { tokenEndpoint: `${issuer}/token`, clientId: 'orders' }])
    seen.push(misuse(() => createTokenSource(options)));
  seen.push(misuse(() => jwtBearer({} as never)));
  return [sent, seen];
}

/** Where the token of a source goes, and how. */
async function headersOf(source: TokenSource): Promise<unknown> {
  const authorizer = new Authorizer(source, api, {});
  const request = await authorizer.authorize({ url, method: 'GET', signal: undefined, headers: undefined });
  const answered = await authorizer.authorize({ url, headers: { authorization: 'Basic eDp5' } });
  return [request?.headers, request?.mayRetry(403), answered, authorizer.allows(evil), authorizer.allowsSeveral];
}

/** Expects the same behaviour with these in the prototype of all objects as without them. */
async function expectNoChange(names: typeof gadgets): Promise<void> {
  const expected = await behaviour();
  try {
    Object.assign(Object.prototype, Object.fromEntries(names));
    const found = await behaviour();
    clean();
    expect(found).toEqual(expected);
  } finally {
    clean();
  }
}

describe('what somebody put into the prototype of all objects changes nothing:', () => {
  test.each(gadgets)('%s', (...gadget) => expectNoChange([gadget]));

  test('all of them together', () => expectNoChange(gadgets));
});
