import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Authority, type Certificate, privateAuthority, selfSigned } from '@tokenline/adapter-tests/certificates';
import { mtlsFetch } from '@tokenline/undici/mtls-fetch';
import { exportJWK, importX509 } from 'jose';
import nock from 'nock';
import { createTokenSource, selfSignedTlsClientAuth, tlsClientAuth, type TokenSourceOptions } from '../src/index.ts';
import { AuthorizationServer } from '@tokenline/adapter-tests/authorization-server';
import { answer, answerTokenRequests, failureOf, formOf, issuer, source, tokenEndpoint } from './support.ts';

let authority: Authority;
let registered: Certificate;
let own: Certificate;
let server: AuthorizationServer;

beforeAll(async () => {
  authority = await privateAuthority();
  const localhost = await authority.issue('localhost');
  registered = await authority.issue('orders');
  own = await selfSigned('billing');
  const jwk = await exportJWK(await importX509(own.cert, 'ES256', { extractable: true }));
  const x5c = [new X509Certificate(own.cert).raw.toString('base64')];
  server = await AuthorizationServer.start(
    {
      orders: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=orders' },
      billing: {
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...jwk, x5c, use: 'sig' }] },
      },
    },
    { ...localhost, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
  );
});

afterAll(() => server.close());

const ask = (
  options: Partial<TokenSourceOptions> & { clientId: string },
  certificate?: Certificate,
): Promise<unknown> =>
  createTokenSource({
    issuer: server.issuer,
    fetch: mtlsFetch({ ca: authority.ca, ...certificate }),
    ...options,
  }).getToken();

describe('a server that asks for certificates', () => {
  beforeAll(() => nock.restore());
  afterAll(() => nock.activate());

  test('accepts a client by one that its authority issued for it, and by no other', async () => {
    const options = { clientId: 'orders', clientAuthentication: tlsClientAuth() };
    await expect(ask(options, registered)).resolves.toMatchObject({ type: 'Bearer' });
    const others = [undefined, await authority.issue('another'), await selfSigned('orders')];
    for (const other of others) {
      expect(await failureOf(ask(options, other))).toMatchObject({ error: 'invalid_client' });
    }
  });

  test('accepts a client by one of its own that is registered there, and by no other', async () => {
    const options = { clientId: 'billing', clientAuthentication: selfSignedTlsClientAuth() };
    await expect(ask(options, own)).resolves.toMatchObject({ type: 'Bearer' });
    for (const other of [undefined, registered, await selfSigned('billing')]) {
      expect(await failureOf(ask(options, other))).toMatchObject({ error: 'invalid_client' });
    }
  });

  test('is not talked to where nobody vouches for it', async () => {
    const options = { clientId: 'orders', clientAuthentication: tlsClientAuth(), fetch: mtlsFetch({ ...registered }) };
    expect(await failureOf(ask(options))).toMatchObject({ code: 'ERR_DISCOVERY_REQUEST', transient: false });
  });
});

const alias = 'https://mtls.example.com/connect/token';
const metadata = (mtls_endpoint_aliases: unknown): unknown =>
  answer('GET', `${issuer}/.well-known/openid-configuration`, {
    body: { issuer, token_endpoint: tokenEndpoint, mtls_endpoint_aliases },
  });

describe('an endpoint for connections with certificates', () => {
  const certified = { issuer, clientSecret: undefined, clientAuthentication: tlsClientAuth() };

  test('is used by a client that has one, which says no more than who it is', async () => {
    metadata({ token_endpoint: alias });
    const received = answer('POST', alias, { body: { access_token: 'a', token_type: 'Bearer' } });
    await source(certified).getToken();
    expect(formOf(received[0])).toEqual([
      ['client_id', 'orders'],
      ['grant_type', 'client_credentials'],
    ]);
  });

  test.each([undefined, null, {}, 'https://mtls.example.com'])('is not where the metadata has %p', async (aliases) => {
    metadata(aliases);
    const received = answerTokenRequests();
    await source(certified).getToken();
    expect(received).toHaveLength(1);
  });

  test('is not used by other clients', async () => {
    metadata({ token_endpoint: alias });
    const received = answerTokenRequests();
    await source({ issuer }).getToken();
    expect(received).toHaveLength(1);
  });

  test.each(['http://mtls.example.com/connect/token', 'mtls', 7])(
    'is refused where it is %p',
    async (token_endpoint) => {
      metadata({ token_endpoint });
      answer('GET', `${issuer}/.well-known/oauth-authorization-server`, { status: 404 });
      expect(await failureOf(source(certified).getToken())).toMatchObject({ code: 'ERR_DISCOVERY_RESPONSE' });
    },
  );
});
