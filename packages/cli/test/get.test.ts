import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';
import { privateAuthority, selfSigned } from '@tokenline/adapter-tests/certificates';
import { exportJWK, exportPKCS8, generateKeyPair, importX509, SignJWT } from 'jose';
import { AuthorizationServer, extension } from '@tokenline/adapter-tests/authorization-server';
import { type Outcome, tokenline } from './command.ts';
import { startScripted, issued, refused, token, tokens } from './servers.ts';

const secret = `s3cr:t +%41/&="~'\\ and thirty-two more bytes of it`;
const env = { CLIENT_SECRET: secret };
const folder = mkdtempSync(join(tmpdir(), 'tokenline-get-'));
let server: AuthorizationServer;
let key: CryptoKey;

/** Writes a file, and gives the argument that names it. */
function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return `@${join(folder, name)}`;
}

beforeAll(async () => {
  const authority = await privateAuthority();
  const [localhost, orders, billing] = await Promise.all([
    authority.issue('localhost'),
    authority.issue('orders'),
    selfSigned('billing'),
  ]);
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  const registered = await exportJWK(await importX509(billing.cert, 'ES256', { extractable: true }));
  const x5c = [new X509Certificate(billing.cert).raw.toString('base64')];
  server = await AuthorizationServer.start(
    {
      post: { token_endpoint_auth_method: 'client_secret_post', client_secret: secret },
      basic: { token_endpoint_auth_method: 'client_secret_basic', client_secret: secret },
      jwt: { token_endpoint_auth_method: 'client_secret_jwt', client_secret: secret },
      key: {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first', use: 'sig' }] },
      },
      tls: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=orders' },
      own: {
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...registered, x5c, use: 'sig' }] },
      },
      public: { token_endpoint_auth_method: 'none', grant_types: ['refresh_token', extension] },
    },
    { ...localhost, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
  );
  file('ca.pem', authority.ca);
  file('orders.crt', orders.cert);
  file('orders.key', orders.key);
  file('billing.crt', billing.cert);
  file('billing.key', billing.key);
  file('key.pem', await exportPKCS8(key));
  file('key.jwk', JSON.stringify({ ...(await exportJWK(key)), kid: 'first', alg: 'ES256' }));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const at = (name: string): string => `@${join(folder, name)}`;

/** Asks the strict server. */
function get(args: readonly string[], more: Parameters<typeof tokenline>[1] = {}): Promise<Outcome> {
  return tokenline(['get', '--issuer', server.issuer, '--ca', at('ca.pem'), ...args], more);
}

/** Nothing but a token is written. */
function expectToken(outcome: Outcome): void {
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  expect(outcome.stdout).toMatch(/^[\w.~-]{20,}\n$/);
}

describe('a client gets its token', () => {
  test.each([
    ['in the way that the server offers', ['--client-id', 'post']],
    ['by client_secret_post', ['--client-id', 'post', '--auth', 'client_secret_post']],
    ['by client_secret_basic', ['--client-id', 'basic', '--auth', 'client_secret_basic']],
    ['by client_secret_basic, encoded', ['--client-id', 'basic', '--encoding', 'form']],
    ['by client_secret_jwt', ['--client-id', 'jwt', '--auth', 'client_secret_jwt']],
    [
      'by client_secret_jwt for an audience',
      ['--client-id', 'jwt', '--auth', 'client_secret_jwt', '--assertion-audience', 'token_endpoint'],
    ],
  ])('%s', async (_, args) => {
    expectToken(await get(args, { env }));
  });

  test.each([
    ['PEM', ['--key', '@key.pem', '--kid', 'first', '--alg', 'ES256', '--assertion-header', 'typ=JWT']],
    ['a JWK', ['--key', '@key.jwk']],
    ['PEM, for another audience', ['--key', '@key.pem', '--kid', 'first', '--assertion-audience', 'token_endpoint']],
  ])('by a private key: %s', async (_, args) => {
    const paths = args.map((each) => (each.startsWith('@') ? at(each.slice(1)) : each));
    expectToken(await get(['--client-id', 'key', ...paths]));
  });

  test('by an assertion from a file', async () => {
    const assertion = await new SignJWT({ jti: 'once' })
      .setProtectedHeader({ alg: 'ES256', kid: 'first' })
      .setIssuer('key')
      .setSubject('key')
      .setAudience(server.issuer)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(key);
    expectToken(await get(['--client-id', 'key', '--client-assertion', file('assertion', `${assertion}\n`)]));
  });

  test.each([
    ['of an authority', ['--client-id', 'tls', '--cert', '@orders.crt', '--cert-key', '@orders.key']],
    [
      'of its own',
      [
        '--client-id',
        'own',
        '--auth',
        'self_signed_tls_client_auth',
        '--cert',
        '@billing.crt',
        '--cert-key',
        '@billing.key',
      ],
    ],
  ])('by a certificate %s', async (_, args) => {
    expectToken(await get(args.map((each) => (each.startsWith('@') ? at(each.slice(1)) : each))));
  });

  test('by a refresh token, whose successor is written to the same file', async () => {
    const refreshToken = await server.refreshTokenFor('public');
    const from = file('refresh-token', refreshToken);
    const args = ['--client-id', 'public', '--auth', 'none', '--grant', 'refresh-token'];
    expectToken(await get([...args, '--grant-parameter', `refresh_token=${from}`]));
    const successor = readFileSync(join(folder, 'refresh-token'), 'utf8');
    expect(successor).not.toBe(refreshToken);
    expectToken(await get([...args, '--grant-parameter', `refresh_token=${from}`]));
  });

  test('by a grant of the server’s own', async () => {
    const args = ['--client-id', 'public', '--auth', 'none', '--grant', extension];
    expectToken(await get([...args, '--grant-parameter', 'ticket=a good ticket']));
  });

  test('that is bound to a key', async () => {
    const identity = await IdentityServer.start();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const args = ['get', '--issuer', identity.issuer, '--client-id', 'orders', '--dpop-key', 'env:KEY', '--json'];
    const outcome = await tokenline(args, { env: { CLIENT_SECRET: identity.client.clientSecret, KEY } });
    await identity.close();
    expect(JSON.parse(outcome.stdout)).toMatchObject({ token_type: 'DPoP' });
  });
});

test('the parameters of the token request are those of the command line', async () => {
  const forms: string[][][] = [];
  const headers: (string | string[] | undefined)[] = [];
  const fake = await startScripted(
    tokens((request) => {
      forms.push([...request.form]);
      headers.push(request.headers['x-api-key']);
      return issued();
    }),
  );
  const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
  const type = 'urn:ietf:params:oauth:token-type:access_token';
  const given = {
    'token-endpoint': `${fake.origin}/token`,
    'client-id': 'orders',
    scope: 'a',
    resource: 'urn:r',
    audience: 'orders-api',
    parameter: 'tenant=7',
    header: 'x-api-key=env:API_KEY',
    grant: 'token-exchange',
    'grant-parameter': 'subject_token=env:SUBJECT',
  };
  const twice = ['--scope', 'b', '--grant-parameter', `subject_token_type=${type}`, '--json'];
  const outcome = await tokenline(
    ['get', ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]), ...twice],
    { env: { ...env, API_KEY: 'an-api-key', SUBJECT: 'a-subject-token' } },
  );
  await fake.close();
  expect(new Set(forms[0])).toEqual(
    new Set([
      ['grant_type', grant],
      ['subject_token', 'a-subject-token'],
      ['subject_token_type', type],
      ['client_id', 'orders'],
      ['client_secret', secret],
      ['scope', 'a b'],
      ['resource', 'urn:r'],
      ['audience', 'orders-api'],
      ['tenant', '7'],
    ]),
  );
  expect(headers).toEqual(['an-api-key']);
  const printed = JSON.parse(outcome.stdout) as { expires_in: number };
  expect(printed).toMatchObject({ access_token: token, token_type: 'Bearer' });
  expect(printed.expires_in).toBeGreaterThan(3_000);
});

describe('the secret comes', () => {
  const client = ['--client-id', 'post', '--client-secret'];

  test.each([
    ['from the environment', 'env:SECRET', { env: { SECRET: secret } }],
    ['from standard input', '@-', { stdin: `${secret}\n` }],
  ])('%s', async (_, from, surroundings) => {
    expectToken(await get([...client, from], surroundings));
  });

  test('from a file, without the line break at its end', async () => {
    expectToken(await get([...client, file('secret', `${secret}\r\n`)]));
  });

  test.each([
    ['an argument', ['--client-id', 'post', '--client-secret', 'hunter2-and-more']],
    ['an argument with =', ['--client-id', 'post', '--client-secret=hunter2-and-more']],
    ['an option that does not exist', ['--client-sekret=hunter2-and-more']],
    ['what is no option', ['hunter2-and-more']],
    ['a parameter of a grant', ['--grant', 'jwt-bearer', '--grant-parameter', 'assertion=hunter2-and-more']],
    ['a header', ['--client-id', 'post', '--header', 'x-api-key=hunter2-and-more']],
    ['a key', ['--client-id', 'post', '--key', 'hunter2-and-more']],
  ])('never from %s, which is not repeated either', async (_, args) => {
    const { status, stdout, stderr } = await get(args, { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toContain('hunter2');
  });

  test.each([
    ['a file that does not exist', [...client, '@/nowhere'], 'cannot be read (ENOENT)'],
    ['an empty variable', [...client, 'env:NOWHERE'], '--client-secret is empty'],
    ['nowhere, and there is nobody to ask', ['--client-id', 'post'], '--client-secret is missing'],
    [
      'standard input, like another one',
      [...client, '@-', '--header', 'x-api-key=@-'],
      'cannot both come from standard input',
    ],
  ])('not from %s', async (_, args, message) => {
    const { status, stderr } = await get(args, args.includes('@-') ? { stdin: secret } : {});
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('a script can tell from the status', () => {
  const client = ['--client-id', 'orders'];
  const statusOf = async (args: readonly string[]): Promise<Outcome> =>
    tokenline(['get', ...client, '--timeout', '20000', ...args], { env });

  test.each([
    ['that an option is wrong', 2, { status: 200 }, ['--issuer', 'login.example.com'], 'ERR_INVALID_OPTION'],
    ['that there is no metadata', 3, { status: 404 }, [], 'ERR_DISCOVERY_REQUEST'],
    ['that the server refuses', 4, refused('invalid_scope'), undefined, 'ERR_OAUTH_RESPONSE'],
    ['that it may try again later', 5, { status: 503 }, undefined, 'ERR_TOKEN_REQUEST'],
    ['that the answer is no token', 3, { body: {} }, undefined, 'ERR_TOKEN_RESPONSE'],
  ])('%s: %i', async (_, status, reply, args, code) => {
    const fake = await startScripted(() => reply);
    const endpoint = ['--token-endpoint', `${fake.origin}/token`];
    const named = args === undefined ? endpoint : args.length > 0 ? args : ['--issuer', fake.origin];
    const short = status === 5 ? ['--timeout', '1'] : [];
    const outcome = await statusOf([...named, ...(status === 5 ? short : [])]);
    await fake.close();
    expect(outcome).toMatchObject({ status, stdout: '' });
    expect(outcome.stderr).toMatch(status === 5 ? /\[ERR_TOKEN_(REQUEST|TIMEOUT)\]\n$/ : `[${code}]\n`);
    expect(outcome.stderr).not.toContain(secret);
  });
});

test('a token that is bound to a key which ends with the command is refused', async () => {
  const { status, stderr } = await get(['--client-id', 'post', '--dpop'], { env });
  expect(stderr).toContain('--dpop-key');
  expect(status).toBe(2);
});

test('the help has examples', async () => {
  const { status, stdout } = await tokenline(['get', '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('$ curl -H "authorization: Bearer $(tokenline get');
});
