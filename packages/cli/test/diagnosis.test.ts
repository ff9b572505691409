import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer, unauthorized } from '@tokenline/adapter-tests';
import { type Authority, privateAuthority } from '@tokenline/adapter-tests/certificates';
import type { ProtectedApi } from '@tokenline/testing';
import { type Outcome, tokenline } from './command.ts';
import {
  type Answer,
  startScripted,
  isBasic,
  issued,
  metadata,
  oidc,
  type Received,
  type Reply,
  token,
  tokens,
} from './servers.ts';

const secret = 'a-secret-that-nobody-may-see';
/** Headers carry ASCII alone. */
const inHeaders = (text: string): string => encodeURI(text).replaceAll('%25', '%');
const folder = mkdtempSync(join(tmpdir(), 'tokenline-diagnosis-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** What doctor says of a server. */
async function diagnose(
  answer: Answer,
  args: readonly string[] = [],
  api?: (request: Received) => Reply,
): Promise<Outcome> {
  const server = await startScripted(answer);
  const other = api && (await startScripted(api));
  const reached = other ? ['--api', `${other.origin}/orders`] : [];
  const named = args.includes('--token-endpoint') ? [] : ['--issuer', server.origin];
  const outcome = await tokenline(['doctor', ...named, '--client-id', 'orders', ...args, ...reached], {
    env: { CLIENT_SECRET: secret },
  });
  await Promise.all([server.close(), other?.close()]);
  expect(outcome.stderr).toBe('');
  expect(outcome.stdout).not.toContain('nobody-may-see');
  return outcome;
}

/** A server with a new token at each request. */
const fresh = (more: object = {}): Answer =>
  tokens(({ earlier }) => issued({ access_token: `${token}-${earlier}`, scope: 'orders.read', ...more }));

describe('where nothing is wrong', () => {
  let identity: IdentityServer;
  let api: ApiServer;

  beforeAll(async () => {
    identity = await IdentityServer.start({ accessTokenFormat: 'jwt' });
    api = await ApiServer.start({ accepts: (value) => identity.accepts(value) });
  });

  afterAll(() => Promise.all([identity.close(), api.close()]));

  const client = (...more: readonly string[]): string[] => {
    const { issuer, clientId, scope } = identity.client;
    return ['doctor', '--issuer', issuer, '--client-id', clientId, '--scope', scope, ...more];
  };
  const ask = (...more: readonly string[]): Promise<Outcome> =>
    tokenline(client(...more), { env: { CLIENT_SECRET: identity.client.clientSecret } });

  test('it says so, and ends with the options', async () => {
    const { status, stdout, stderr } = await ask('--api', `${api.origin}/orders`);
    expect(stdout).not.toContain('problem');
    expect(stdout).toContain('the API accepts the token');
    // Its time of issue is in whole seconds, so that one second of the hour may have passed.
    expect(stdout).toMatch(
      /it lasts (1 hour|59 minutes \d\d seconds): renewed in the background after about 5[45] minutes/,
    );
    expect(stdout).toMatch(
      /const source = createTokenSource\({\n {2}issuer: '.+',\n {2}clientId: 'orders',\n {2}clientSecret: process\.env\.CLIENT_SECRET,\n/,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('the same as JSON', async () => {
    const { stdout } = await ask('--json');
    const report = JSON.parse(stdout) as { ok: boolean; steps: { title: string; findings: { id: string }[] }[] };
    expect(report.ok).toBe(true);
    expect(report.steps.map(({ title }) => title.split(' ')[0])).toEqual([
      'This',
      'DNS',
      'Metadata',
      'Token',
      'Token',
      'Renewal',
    ]);
  });

  test('DPoP and its nonces are no problem', async () => {
    identity.requireNonces = true;
    const { stdout, status } = await ask('--dpop');
    identity.requireNonces = false;
    expect(stdout).toContain('DPoP, a JWT');
    expect(stdout).toContain('dpop: proofKey(),');
    expect(stdout).not.toContain('[method-unset]');
    expect(status).toBe(0);
  });

  test('an API that refuses the first token only is told of', async () => {
    api.next(unauthorized('Bearer error="invalid_token"'));
    expect((await ask('--api', `${api.origin}/orders`)).stdout).toContain('[api-replayed]');
  });
});

describe('the server', () => {
  test.each<[string, Answer, readonly string[], string, string]>([
    [
      'redirects',
      () => ({ status: 307, headers: { location: 'https://example.com/?token=nobody-may-see' } }),
      ['--token-endpoint'],
      'redirect',
      'location: https://example.com/?[redacted]',
    ],
    [
      'has a reason of its own',
      () => ({ status: 400, body: { error: 'quota_exhausted' } }),
      ['--token-endpoint'],
      'request-refused',
      'quota_exhausted',
    ],
    ['has no such address', () => undefined, ['--token-endpoint'], 'no-endpoint', 'check tokenEndpoint'],
    [
      'has failed',
      () => ({ status: 502, body: '<html><title>Bad gateway</title></html>' }),
      ['--token-endpoint'],
      'server-failed',
      'Bad gateway',
    ],
    [
      'does not know the resource',
      () => ({ status: 400, body: { error: 'invalid_target' } }),
      ['--token-endpoint'],
      'resource-refused',
      '',
    ],
    ['says that the token never expires', tokens(() => issued({ expires_in: 0 })), [], 'used-once', 'assumedLifetime'],
    [
      'grants less',
      tokens(() => issued({ scope: 'orders.read' })),
      ['--scope', 'orders.read orders.write'],
      'scope-narrowed',
      'did not grant orders.write',
    ],
    ['binds no token', tokens(() => issued()), ['--dpop'], 'unbound', 'DPoP'],
    [
      'accepts an assertion once',
      tokens(({ earlier }) => (earlier === 0 ? issued() : { status: 400, body: { error: 'invalid_grant' } })),
      [],
      'renewal-failed',
      '',
    ],
    [
      'has its endpoint elsewhere',
      (_, origin) => metadata(origin, { token_endpoint: 'http://login.example.com/token' }),
      [],
      'metadata',
      'does not use https',
    ],
    [
      'has a page in place of metadata',
      () => ({ body: '<html></html>', headers: { 'content-type': 'text/html' } }),
      [],
      'metadata',
      'not a JSON object',
    ],
    [
      'does not offer the grant',
      tokens(() => issued(), { grant_types_supported: ['authorization_code'] }),
      [],
      'grant',
      'client_credentials',
    ],
  ])('%s', async (_, answer, args, id, says) => {
    const server = await startScripted(answer);
    const named = args.includes('--token-endpoint')
      ? ['--token-endpoint', `${server.origin}/token`]
      : ['--issuer', server.origin, ...args];
    const { stdout } = await tokenline(['doctor', ...named, '--client-id', 'orders'], {
      env: { CLIENT_SECRET: secret },
    });
    await server.close();
    expect(stdout).toContain(`[${id}]`);
    expect(stdout).toContain(says);
    expect(stdout).not.toContain('nobody-may-see');
  });

  test('does not answer', async () => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const args = ['--token-endpoint', `http://127.0.0.1:${port}/token`, '--timeout', '1000'];
    const { stdout } = await diagnose(() => undefined, args);
    silent.close();
    expect(stdout).toContain('[timeout]');
  });

  test('is not there', async () => {
    const gone = await startScripted(() => undefined);
    const { origin } = gone;
    await gone.close();
    const { stdout, status } = await diagnose(() => undefined, ['--token-endpoint', `${origin}/token`]);
    expect(stdout).toContain('(ECONNREFUSED) [connection]');
    expect(stdout).toContain('[unreachable]');
    expect(status).toBe(1);
  });

  test('gets the secret without the line break of its file, which is told', async () => {
    const path = join(folder, 'secret');
    writeFileSync(path, `${secret}\n`);
    const { stdout } = await diagnose(fresh(), ['--client-secret', `@${path}`]);
    expect(stdout).toContain('[line-break]');
    // What is pasted works as the command does.
    expect(stdout).toContain(`clientSecret: (await readFile('${path}', 'utf8')).trimEnd(),`);
  });

  describe('repeats what it was sent, and doctor does not:', () => {
    const odd = `n0body-may:sée +%/&="<~'\\`;
    const spellings: Readonly<Record<string, (text: string) => string>> = {
      'as it is': String,
      'as a form': (text) => new URLSearchParams({ text }).toString().slice('text='.length),
      'as a URL': encodeURIComponent,
      'as HTML': (text) => text.replaceAll(/[^a-z0-9]/gi, (character) => `&#${character.charCodeAt(0)};`),
      'as JSON': (text) => JSON.stringify(text).slice(1, -1),
      'as JSON without letters': (text) =>
        text.replaceAll(/./g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
    };

    test.each(Object.keys(spellings))('%s', async (name) => {
      const spell = spellings[name] ?? String;
      const everywhere = (request: Received): Reply => {
        const { form, headers } = request;
        const texts = [odd, form.get('client_secret') ?? '', String(headers.authorization), String(headers['dpop'])];
        const said = spell(texts.join(' '));
        const members = [
          'error',
          'error_description',
          'error_uri',
          'reason',
          'message',
          'detail',
          'scope',
          'token_type',
          odd,
        ];
        return {
          status: 400,
          headers: {
            'www-authenticate': `Bearer error="invalid_token", error_description="${inHeaders(said)}"`,
            'retry-after': inHeaders(said),
          },
          body: Object.fromEntries(members.map((member) => [member, said])),
        };
      };
      const server = await startScripted(tokens(everywhere));
      const args = ['doctor', '--issuer', server.origin, '--client-id', 'orders'];
      const env = { CLIENT_SECRET: odd };
      const outcomes = await Promise.all([
        tokenline(args, { env }),
        tokenline([...args, '--json', '--dpop'], { env }),
        tokenline(['get', ...args.slice(1), '--auth', 'client_secret_basic'], { env }),
      ]);
      await server.close();
      expect(() => JSON.parse(outcomes[1].stdout)).not.toThrow();
      const shown = outcomes.map(({ stdout, stderr }) => stdout + stderr).join('');
      const basic = Buffer.from(`orders:${encodeURIComponent(odd)}`).toString('base64');
      for (const hidden of [odd, spell(odd), encodeURIComponent(odd), basic.slice(0, 30)])
        expect(shown).not.toContain(hidden);
      expect(shown).not.toMatch(/n0body-may|eyJ[\w-]{8,}\.eyJ/);
    });
  });

  test.each([400, 200])(
    'sends a token in an answer without an end, status %i, and doctor shows no part of it',
    async (status) => {
      const answer = tokens(() => ({ status, body: `{"access_token":"${token}${'x'.repeat(3 * 1024 * 1024)}` }));
      const { stdout } = await diagnose(answer);
      expect(stdout).not.toContain(token.slice(0, 8));
    },
  );

  test('is found at its other place', async () => {
    const { stdout, status } = await diagnose(({ path, earlier }, origin) => {
      if (path === '/.well-known/oauth-authorization-server') return metadata(origin);
      return path === '/token' ? issued({ access_token: `${token}-${earlier}` }) : undefined;
    });
    expect(stdout).toContain('openid-configuration: status 404, no metadata');
    expect(status).toBe(0);
  });
});

/** What doctor says of an issuer. */
const askAbout = (issuer: string, ...args: readonly string[]): Promise<Outcome> =>
  tokenline(['doctor', '--issuer', issuer, '--client-id', 'orders', ...args], { env: { CLIENT_SECRET: secret } });

describe('a certificate', () => {
  let authority: Authority;
  let server: ProtectedApi;
  const ca = `@${join(folder, 'ca.pem')}`;

  beforeAll(async () => {
    authority = await privateAuthority();
    writeFileSync(ca.slice(1), authority.ca);
    server = await startScripted(fresh(), await authority.issue('localhost'));
  });

  afterAll(() => server.close());

  test('of an authority that nobody knows is a problem, and what helps is told', async () => {
    const { stdout } = await askAbout(server.origin);
    expect(stdout).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE \[certificate]\n.*NODE_EXTRA_CA_CERTS/);
    expect(stdout).toContain('[no-metadata]');
  });

  test('of an authority that is named is none', async () => {
    const { stdout, status } = await askAbout(server.origin, '--ca', ca);
    expect(stdout).toMatch(/TLSv1\.3, certificate of localhost, signed by A private authority.* \[tls]/);
    expect(stdout).toContain('ca: [...rootCertificates, await readFile(');
    expect(status).toBe(0);
  });

  test('for another name is a problem', async () => {
    const { stdout } = await askAbout(server.origin.replace('localhost', '127.0.0.1'), '--ca', ca);
    expect(stdout).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID \[certificate]/);
  });

  test.each([
    [
      'in the issuer',
      (origin: string) => ({ issuer: origin.replace('https:', 'http:') }),
      'issuer-mismatch',
      'give tokenEndpoint instead',
    ],
    [
      'in an endpoint',
      (origin: string) => ({ token_endpoint: `${origin.replace('https:', 'http:')}/token` }),
      'metadata',
      'does not use https',
    ],
  ])('cannot help where a proxy makes the server write http %s', async (_, more, id, says) => {
    const answer: Answer = ({ path }, origin) => (path === oidc ? metadata(origin, more(origin)) : undefined);
    const proxied = await startScripted(answer, await authority.issue('localhost'));
    const { stdout } = await askAbout(proxied.origin, '--ca', ca);
    await proxied.close();
    expect(stdout).toContain(`[${id}]`);
    expect(stdout).toContain(says);
  });
});

describe('the API', () => {
  test.each<[string, Reply, string, string]>([
    [
      'wants another audience',
      {
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="bad audience"' },
      },
      'api-refused',
      'error_description="bad audience"',
    ],
    [
      'wants more scope',
      { status: 403, headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="orders.write"' } },
      'api-scope',
      'scope="orders.write"',
    ],
    ['wants a role', { status: 403 }, 'api-scope', 'the role'],
    ['wants a password', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }, 'api-scheme', 'basic'],
    ['wants DPoP', { status: 401, headers: { 'www-authenticate': 'DPoP algs="ES256"' } }, 'api-refused', '--dpop'],
    ['has no such path', { status: 404 }, 'api-status', 'check the path'],
    ['has failed', { status: 500 }, 'api-status', 'status 500'],
  ])('%s', async (_, reply, id, says) => {
    const { stdout } = await diagnose(fresh(), [], () => reply);
    expect(stdout).toContain(`[${id}]`);
    expect(stdout).toContain(says);
  });

  test('leads to where the token does not go', async () => {
    const target = await startScripted(() => ({ status: 401 }));
    const { stdout } = await diagnose(fresh(), [], () => ({ status: 302, headers: { location: target.origin } }));
    await target.close();
    expect(stdout).toContain('[api-redirect]');
  });

  // Where one of the texts that are shown is cut: what is left of a secret is none the less a part of it.
  test.each([190, 240, 290, 900, 960, 985])(
    'repeats a secret behind %s characters, and doctor shows no part',
    async (length) => {
      const padding = '.'.repeat(length);
      const repeating = (request: Received): Reply => ({
        status: 400,
        headers: { 'content-type': 'text/plain', 'www-authenticate': `Bearer error="${padding}${secret}"` },
        body: `${padding}${request.form.get('client_secret')}`,
      });
      const outcomes = [
        await diagnose(tokens(repeating)),
        await diagnose(fresh(), [], ({ headers }) => ({
          status: 401,
          headers: {
            'www-authenticate': `Bearer error_description="${padding}${String(headers.authorization).slice(7)}"`,
          },
        })),
      ];
      for (const { stdout } of outcomes) expect(stdout).not.toMatch(/\.(a-s|ya29)/);
    },
  );

  test('repeats the token, and doctor does not', async () => {
    const { stdout } = await diagnose(fresh(), [], ({ headers }) => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer error_description="${String(headers.authorization)}"` },
      body: { message: String(headers.authorization), data: token },
    }));
    expect(stdout).toContain('[api-refused]');
  });

  test('repeats the token of a long answer, and doctor does not', async () => {
    const long = fresh({ access_token: token, padding: 'x'.repeat(100 * 1024) });
    const { stdout } = await diagnose(long, [], ({ headers }) => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer error_description="${String(headers.authorization)}"` },
    }));
    expect(stdout).toContain('[api-refused]');
  });

  test('with plain http on another host gets no token', async () => {
    const { stdout } = await diagnose(fresh(), ['--api', 'http://api.example.invalid/', '--timeout', '3000']);
    expect(stdout).toContain('[api-insecure]');
  });
});

test('a wrong method is named by what works', async () => {
  const answer = tokens((request) => (isBasic(request) ? issued() : { status: 401 }));
  const { stdout } = await diagnose(answer, ['--auth', 'client_secret_post']);
  expect(stdout).toContain('it works with client_secret_basic');
});

test.each([
  ['a wrong option', ['--issuer', 'http://login.example.com']],
  ['an address that is none', ['--issuer', 'https://login.example.com', '--api', 'orders']],
])('%s is told at once, and by the status', async (_, args) => {
  const outcome = await tokenline(['doctor', '--client-id', 'orders', ...args], { env: { CLIENT_SECRET: secret } });
  expect(outcome).toMatchObject({ status: 2, stdout: '' });
});

describe('what a terminal would obey', () => {
  // Of C1, of directions, and a pair of surrogates: none of them is a control character for JSON.
  const hostile = '\u001B[31m\u007F\u009B2J\u202E\u{E0001}';
  // eslint-disable-next-line no-control-regex
  const obeyed = /[\0-\t\v-\u001F\u007F-\u009F\u202A-\u202E]|\u{E0001}/u;
  const answer = tokens(() => issued({ scope: hostile }), { token_endpoint_auth_methods_supported: [hostile] });

  test.each([
    ['get --json', ['get', '--json']],
    ['doctor', ['doctor']],
    ['doctor --json', ['doctor', '--json']],
  ])('is not in the output of %s', async (_, args) => {
    const server = await startScripted(answer);
    const env = { CLIENT_SECRET: secret };
    const { stdout } = await tokenline([...args, '--issuer', server.origin, '--client-id', 'orders'], { env });
    await server.close();
    expect(stdout).not.toMatch(obeyed);
  });

  test('is not in the options to paste', async () => {
    const { stdout } = await diagnose((request, origin) =>
      request.path.includes('/.well-known/') ? metadata(`${origin}/\u009B2J\u202E`) : undefined,
    );
    expect(stdout).toContain('[other-issuer]');
    expect(stdout).not.toMatch(obeyed);
  });

  test('is not in the output of inspect --json', async () => {
    const [header, claims] = [{}, { sub: hostile }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const { stdout } = await tokenline(['inspect', '--json'], { stdin: `${header}.${claims}.` });
    expect(stdout).not.toMatch(obeyed);
    expect(JSON.parse(stdout)).toMatchObject({ claims: { sub: hostile } });
  });
});

test('an answer without an end is read no further than any proper one is long', async () => {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let sent = 0;
  const server = createServer((_request, response) => {
    // A limit of the test's own, far from the one that it is about.
    const go = (): void => {
      while (sent < 1024 * 1024 * 1024) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', go);
      }
      response.end();
    };
    response.on('error', () => {});
    go();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout } = await tokenline(['doctor', '--issuer', origin, '--client-id', 'orders'], {
    env: { CLIENT_SECRET: secret },
  });
  server.closeAllConnections();
  server.close();
  expect(stdout).toContain('[place]');
  expect(sent).toBeLessThan(256 * 1024 * 1024);
});
