import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { ClientRegistration } from '../src/index.ts';
import { resource, scopes, type ServerUnderContract, startFake, startReal } from './servers.ts';

// The same requests, to a certified server and to the fake: what the one refuses, the other must not accept.
const secret = 'sesame+street/7% and thirty-two more bytes';
const scope = scopes.join(' ');
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const keys = await generateKeyPair('ES256', { extractable: true });
const otherKeys = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'first', use: 'sig' }] };
const clients: Record<string, ClientRegistration> = {
  basic: { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic', scope },
  post: { client_secret: secret, token_endpoint_auth_method: 'client_secret_post', scope },
  narrow: { client_secret: secret, token_endpoint_auth_method: 'client_secret_post', scope: 'orders.read' },
  secret_jwt: { client_secret: secret, token_endpoint_auth_method: 'client_secret_jwt', scope },
  key: { jwks, token_endpoint_auth_method: 'private_key_jwt', scope },
  picky: { jwks, token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256', scope },
  bound: {
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_post',
    dpop_bound_access_tokens: true,
    scope,
  },
  idle: { client_secret: secret, token_endpoint_auth_method: 'client_secret_post', grant_types: [] },
  public: { token_endpoint_auth_method: 'none', scope },
};

/** Claims: one that is `undefined` is left out. */
type Claims = Readonly<Record<string, unknown>>;
type Form = Record<string, string | string[]> | string;

interface Sent {
  readonly form: Form;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly at?: 'tokenEndpoint' | 'revocationEndpoint' | 'introspectionEndpoint' | 'issuer';
}

/** What a case expects: the status, and the error where there is one. */
type Verdict = `${number}` | `${number} ${string}`;

let server: ServerUnderContract;

async function send({ form, headers = {}, method = 'POST', at = 'tokenEndpoint' }: Sent): Promise<Response> {
  const body =
    typeof form === 'string'
      ? form
      : new URLSearchParams(
          Object.entries(form).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
        );
  return fetch(server[at], { method, headers, ...(method === 'GET' ? {} : { body }) });
}

async function verdictOn(sent: Sent): Promise<Verdict> {
  const response = await send(sent);
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  return error === undefined ? `${response.status}` : `${response.status} ${error}`;
}

const post = (fields: Record<string, string | string[]> = {}, headers: Record<string, string> = {}): Sent => ({
  form: { grant_type: 'client_credentials', client_id: 'post', client_secret: secret, ...fields },
  headers,
});

function basic(id: string, password: string, fields: Record<string, string> = {}): Sent {
  const credentials = btoa([id, password].map(encodeURIComponent).join(':'));
  return {
    form: { grant_type: 'client_credentials', ...fields },
    headers: { authorization: `Basic ${credentials}` },
  };
}

const now = (): number => Math.floor(Date.now() / 1_000);

function signed(claims: Claims, header: object, key: CryptoKey | Uint8Array): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
}

/** An assertion of a client, unless the claims say otherwise. */
function assertion(claims: Claims = {}, key = keys.privateKey, id = 'key'): Promise<string> {
  const usual = { iss: id, sub: id, aud: server.issuer, jti: crypto.randomUUID(), iat: now(), exp: now() + 60 };
  return signed({ ...usual, ...claims }, {}, key);
}

const asserted = async (value: Promise<string> | string, fields: Record<string, string> = {}): Promise<Sent> => ({
  form: {
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: await value,
    ...fields,
  },
});

/** A proof for a token request, unless the claims say otherwise. */
async function proof(claims: Claims = {}, header: object = {}, key = keys.privateKey): Promise<string> {
  const usual = { htm: 'POST', htu: server.tokenEndpoint, jti: crypto.randomUUID(), iat: now() };
  return signed({ ...usual, ...claims }, { typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey), ...header }, key);
}

const proven = async (value: Promise<string>, fields = {}): Promise<Sent> => post(fields, { dpop: await value });

type Case = [what: string, sent: () => Sent | Promise<Sent>, verdict: Verdict, ofFake?: Verdict];

const authentication: Case[] = [
  ['a secret in the form', () => post(), '200'],
  ['a secret in the header', () => basic('basic', secret), '200'],
  ['a client without a secret', () => ({ form: { grant_type: 'client_credentials', client_id: 'public' } }), '200'],
  ['a wrong secret in the form', () => post({ client_secret: `${secret}x` }), '401 invalid_client'],
  ['a wrong secret in the header', () => basic('basic', 'x'), '401 invalid_client'],
  ['an unknown client', () => post({ client_id: 'nobody' }), '401 invalid_client'],
  ['no client at all', () => ({ form: { grant_type: 'client_credentials' } }), '400 invalid_request'],
  ['a client that keeps its secret back', () => post({ client_secret: '' }), '401 invalid_client'],
  ['a client that has a secret too many', () => post({ client_id: 'public' }), '401 invalid_client'],
  ['a client that must sign, with a secret', () => post({ client_id: 'key' }), '401 invalid_client'],
  ['two ways at once', () => ({ ...basic('basic', secret), form: post().form }), '400 invalid_request'],
  ['two clients at once', () => basic('basic', secret, { client_id: 'post' }), '400 invalid_request'],
  ['a bearer token', () => ({ ...post(), headers: { authorization: 'Bearer x' } }), '400 invalid_request'],
  [
    'a header that is no base64',
    () => post({ client_secret: '' }, { authorization: 'Basic !' }),
    '400 invalid_request',
  ],
  [
    'a header with two spaces',
    () => ({ ...basic('basic', secret), headers: { authorization: `Basic  ${btoa('basic:x')}` } }),
    '400 invalid_request',
  ],
  // oidc-provider takes the secret where it is, as long as it is the right one.
  ['the header in place of the form', () => basic('post', secret), '200', '401 invalid_client'],
  ['the form in place of the header', () => post({ client_id: 'basic' }), '200', '401 invalid_client'],
];

const assertions: Case[] = [
  ['one for the issuer', () => asserted(assertion()), '200'],
  ['one for the token endpoint', () => asserted(assertion({ aud: server.tokenEndpoint })), '200'],
  ['one for this server and another', () => asserted(assertion({ aud: ['https://b.example', server.issuer] })), '200'],
  ['one for this server and a number', () => asserted(assertion({ aud: [server.issuer, 5] })), '401 invalid_client'],
  ['one for another server', () => asserted(assertion({ aud: 'https://b.example' })), '401 invalid_client'],
  ['one that has expired', () => asserted(assertion({ exp: now() - 5 })), '401 invalid_client'],
  ['one that is not valid yet', () => asserted(assertion({ nbf: now() + 60 })), '401 invalid_client'],
  ['one without an expiry', () => asserted(assertion({ exp: undefined })), '401 invalid_client'],
  ['one without an identifier', () => asserted(assertion({ jti: undefined })), '401 invalid_client'],
  ['one with an empty identifier', () => asserted(assertion({ jti: '' })), '401 invalid_client'],
  ['one whose identifier is a number', () => asserted(assertion({ jti: 5 })), '401 invalid_client'],
  ['one whose identifier is an object', () => asserted(assertion({ jti: {} })), '401 invalid_client'],
  ['one of another issuer', () => asserted(assertion({ iss: 'post' })), '401 invalid_client'],
  ['one about an unknown client', () => asserted(assertion({ sub: 'nobody' })), '401 invalid_client'],
  ['one signed with another key', () => asserted(assertion({}, otherKeys.privateKey)), '401 invalid_client'],
  ['one with another algorithm', () => asserted(assertion({}, keys.privateKey, 'picky')), '401 invalid_client'],
  ['one that is no JWT', () => asserted('x.y.z'), '400 invalid_request'],
  ['one without a type', () => asserted(assertion(), { client_assertion_type: '' }), '400 invalid_request'],
  ['one of another type', () => asserted(assertion(), { client_assertion_type: 'saml' }), '400 invalid_request'],
  ['one of another client', () => asserted(assertion(), { client_id: 'post' }), '400 invalid_request'],
  ['one beside a secret', () => asserted(assertion(), { client_secret: secret }), '400 invalid_request'],
];

const secretAssertion = (key: string, claims: Claims = {}): Promise<Sent> => {
  const id = 'secret_jwt';
  const usual = { iss: id, sub: id, aud: server.issuer, jti: crypto.randomUUID(), exp: now() + 60 };
  return asserted(signed({ ...usual, ...claims }, { alg: 'HS256' }, new TextEncoder().encode(key)));
};

const secretAssertions: Case[] = [
  ['one signed with the secret', () => secretAssertion(secret), '200'],
  ['one signed with another secret', () => secretAssertion(`${secret}x`), '401 invalid_client'],
  [
    'one of a client that must use its key',
    () => secretAssertion(secret, { iss: 'key', sub: 'key' }),
    '401 invalid_client',
  ],
];

const requests: Case[] = [
  ['a known scope', () => post({ scope: 'orders.read' }), '200'],
  ['all known scopes', () => post({ scope }), '200'],
  ['a resource', () => post({ resource }), '200'],
  ['a parameter that it does not know', () => post({ tenant: 'acme' }), '200'],
  ['a scope that the client may not have', () => post({ client_id: 'narrow', scope }), '400 invalid_scope'],
  ['a scope that no server could have', () => post({ scope: 'a"b' }), '400 invalid_scope'],
  ['scopes with two spaces between them', () => post({ scope: 'orders.read  orders.write' }), '400 invalid_scope'],
  // oidc-provider leaves it out of what it grants.
  ['an unknown scope', () => post({ scope: 'orders.burn' }), '200', '400 invalid_scope'],
  ['an unknown resource', () => post({ resource: 'https://b.example/' }), '400 invalid_target'],
  ['two resources', () => post({ resource: [resource, 'https://b.example/'] }), '400 invalid_target'],
  ['no grant', () => post({ grant_type: '' }), '400 invalid_request'],
  ['an unknown grant', () => post({ grant_type: 'wishing' }), '400 unsupported_grant_type'],
  // RFC 6749 §5.2 has an error of its own for it.
  [
    'a grant that the client may not use',
    () => post({ client_id: 'idle' }),
    '400 invalid_request',
    '400 unauthorized_client',
  ],
  ['a grant twice', () => post({ grant_type: ['client_credentials', 'client_credentials'] }), '400 invalid_request'],
  ['a scope twice', () => post({ scope: ['orders.read', 'orders.read'] }), '400 invalid_request'],
  ['a client twice', () => post({ client_id: ['post', 'post'] }), '400 invalid_request'],
  ['a secret twice', () => post({ client_secret: [secret, secret] }), '400 invalid_request'],
  ['a form in JSON', () => ({ form: '{}', headers: { 'content-type': 'application/json' } }), '400 invalid_request'],
  ['a form that is text', () => ({ form: 'grant_type=client_credentials' }), '400 invalid_request'],
  ['a GET', () => ({ form: {}, method: 'GET' }), '404'],
  ['a PUT', () => ({ ...post(), method: 'PUT' }), '404'],
  ['a path that there is not', () => ({ ...post(), at: 'issuer' }), '404'],
];

const proofs: Case[] = [
  ['one for this request', () => proven(proof()), '200'],
  ['one that names the query, too', () => proven(proof({ htu: `${server.tokenEndpoint}?a=b` })), '200'],
  ['one for another method', () => proven(proof({ htm: 'GET' })), '400 invalid_dpop_proof'],
  ['one for another URL', () => proven(proof({ htu: server.issuer })), '400 invalid_dpop_proof'],
  // With a way to give nonces, oidc-provider asks for one.
  [
    'one that is an hour old',
    () => proven(proof({ iat: now() - 3_600 })),
    '400 use_dpop_nonce',
    '400 invalid_dpop_proof',
  ],
  ['one of tomorrow', () => proven(proof({ iat: now() + 86_400 })), '400 use_dpop_nonce', '400 invalid_dpop_proof'],
  [
    'one that names a user in its URL',
    () => proven(proof({ htu: server.tokenEndpoint.replace('//', '//user@') })),
    '400 invalid_dpop_proof',
  ],
  ['one with a nonce of somebody else', () => proven(proof({ nonce: 'x' })), '400 use_dpop_nonce'],
  ['one whose nonce is a number', () => proven(proof({ nonce: 5 })), '400 invalid_dpop_proof'],
  ['one for several URLs', () => proven(proof({ htu: [server.tokenEndpoint] })), '400 invalid_dpop_proof'],
  ['one without an identifier', () => proven(proof({ jti: undefined })), '400 invalid_dpop_proof'],
  ['one with an empty identifier', () => proven(proof({ jti: '' })), '400 invalid_dpop_proof'],
  ['one whose identifier is null', () => proven(proof({ jti: null })), '400 invalid_dpop_proof'],
  ['one whose identifier is an object', () => proven(proof({ jti: {} })), '400 invalid_dpop_proof'],
  ['one without a time', () => proven(proof({ iat: undefined })), '400 invalid_dpop_proof'],
  ['one of another type', () => proven(proof({}, { typ: 'JWT' })), '400 invalid_dpop_proof'],
  ['one signed with another key', () => proven(proof({}, {}, otherKeys.privateKey)), '400 invalid_dpop_proof'],
  ['one without a key', () => proven(proof({}, { jwk: undefined })), '400 invalid_dpop_proof'],
  ['one that is no JWT', () => proven(Promise.resolve('x')), '400 invalid_dpop_proof'],
  ['a private key', async () => proven(proof({}, { jwk: await exportJWK(keys.privateKey) })), '400 invalid_dpop_proof'],
  ['one of a client that must have one', () => proven(proof(), { client_id: 'bound' }), '200'],
  [
    'none of a client that must have one',
    () => post({ client_id: 'bound' }),
    '400 invalid_grant',
    '400 invalid_dpop_proof',
  ],
];

const issue = async (): Promise<string> => {
  const { access_token: token } = (await (await send(post())).json()) as { access_token: string };
  return token;
};
const revoke = async (fields: Record<string, string>): Promise<number> => {
  const { status } = await send({ ...post({ grant_type: '', ...fields }), at: 'revocationEndpoint' });
  return status;
};

/** What the server says of a token, to a client. */
async function introspect(fields: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await send({ ...post({ grant_type: '', ...fields }), at: 'introspectionEndpoint' });
  return { status: response.status, ...((await response.json()) as object) };
}

describe.each([
  ['oidc-provider', startReal],
  ['the fake', startFake],
])('%s', (name, start) => {
  beforeAll(async () => {
    server = await start(clients);
  });
  beforeEach(() => {
    server.requireNonce = false;
  });
  afterAll(() => server.close());

  describe.each([
    ['a client by', authentication],
    ['an assertion:', assertions],
    ['an assertion that is signed with a secret:', secretAssertions],
    ['a request for', requests],
    ['a DPoP proof:', proofs],
  ])('judges %s', (_, cases) => {
    test.each(cases.map(([what, sent, verdict, ofFake = verdict]) => [what, { sent, verdict, ofFake }] as const))(
      '%s',
      async (__, { sent, verdict, ofFake }) => {
        expect(await verdictOn(await sent())).toBe(name === 'the fake' ? ofFake : verdict);
      },
    );
  });

  test('takes an assertion once', async () => {
    const used = await asserted(assertion());
    expect(await verdictOn(used)).toBe('200');
    expect(await verdictOn(used)).toBe('401 invalid_client');
  });

  test('takes a proof once', async () => {
    const used = await proven(proof());
    expect(await verdictOn(used)).toBe('200');
    // RFC 9449 §5 has an error of its own for it.
    expect(await verdictOn(used)).toBe(name === 'the fake' ? '400 invalid_dpop_proof' : '400 invalid_grant');
  });

  test('takes no proof without its nonce, where it wants one', async () => {
    server.requireNonce = true;
    const refused = await send(await proven(proof()));
    expect(await refused.json()).toMatchObject({ error: 'use_dpop_nonce' });
    const nonce = refused.headers.get('dpop-nonce') ?? '';
    expect(await verdictOn(await proven(proof({ nonce: 'x' })))).toBe('400 use_dpop_nonce');
    expect(await verdictOn(await proven(proof({ nonce })))).toBe('200');
  });

  test('tells the client that used the header how to authenticate', async () => {
    const { headers } = await send(basic('basic', 'x'));
    expect(headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  test('answers with a token, and what it is for', async () => {
    const response = await send(post({ scope: 'orders.read' }));
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { access_token: value, ...rest } = (await response.json()) as { access_token: string };
    expect(rest).toEqual({ expires_in: 3_600, token_type: 'Bearer', scope: 'orders.read' });
    expect(await server.knows(value)).toBe(true);
    const bound = await send(await proven(proof()));
    expect(await bound.json()).toMatchObject({ token_type: 'DPoP' });
  });

  test('has its metadata at the well-known place', async () => {
    const response = await fetch(`${server.issuer}/.well-known/openid-configuration`);
    const { issuer, tokenEndpoint } = server;
    expect(await response.json()).toMatchObject({ issuer, token_endpoint: tokenEndpoint });
    const missing = await fetch(`${server.issuer}/.well-known/openid-configuration`, { method: 'POST' });
    expect(missing.status).toBe(404);
  });

  describe('revokes', () => {
    test('a token of the client', async () => {
      const token = await issue();
      expect(await revoke({ token })).toBe(200);
      expect(await server.knows(token)).toBe(false);
    });

    test('no token of another client, and none for a client that is not who it says', async () => {
      const token = await issue();
      expect(await revoke({ token, client_id: 'narrow' })).toBe(400);
      expect(await revoke({ token, client_secret: 'x' })).toBe(401);
      expect(await revoke({ token, client_secret: '' })).toBe(401);
      expect(await server.knows(token)).toBe(true);
    });

    test('what it does not know, as if it did; nothing, where nothing is named', async () => {
      expect(await revoke({ token: 'x' })).toBe(200);
      expect(await revoke({})).toBe(400);
    });
  });

  describe('says of', () => {
    test('a token of the client, or of another one, what it is', async () => {
      const token = await issue();
      const known = { status: 200, active: true, client_id: 'post', token_type: 'Bearer', exp: expect.any(Number) };
      expect(await introspect({ token })).toMatchObject(known);
      expect(await introspect({ token, client_id: 'narrow' })).toMatchObject(known);
    });

    test('a bound token, which key it is bound to', async () => {
      const response = await send(await proven(proof()));
      const { access_token: token } = (await response.json()) as { access_token: string };
      expect(await introspect({ token })).toMatchObject({ token_type: 'DPoP', cnf: { jkt: expect.any(String) } });
    });

    test('a token that it does not know, or that was revoked, nothing else', async () => {
      expect(await introspect({ token: 'x' })).toEqual({ status: 200, active: false });
      const token = await issue();
      await revoke({ token });
      expect(await introspect({ token })).toEqual({ status: 200, active: false });
    });

    test('a token of another client nothing to one that has no secret', async () => {
      const asked = { token: await issue(), client_id: 'public', client_secret: '' };
      expect(await introspect(asked)).toEqual({ status: 200, active: false });
    });

    test('nothing to a client that is not who it says, or names no token', async () => {
      const token = await issue();
      expect(await introspect({ token, client_secret: 'x' })).toMatchObject({ status: 401, error: 'invalid_client' });
      expect(await introspect({})).toMatchObject({ status: 400, error: 'invalid_request' });
    });
  });
});
