import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';

const main = new URL('../demo/main.ts', import.meta.url).pathname;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demo as a user does, with nothing in the environment but what is given. */
async function demo(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env } };
  return promisify(execFile)(process.execPath, [main, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Outcome) => error,
  );
}

describe('on its own servers', () => {
  test('it shows what a first request, a herd, a revocation and an expiry cost each client', async () => {
    const { code, stdout } = await demo([]);
    expect(code).toBe(0);
    for (const client of ['axios', 'got', 'ky']) expect(stdout).toContain(`\n${client}\n`);
    expect(stdout.match(/first request .* 1 × 200 +1 token request$/gm)).toHaveLength(3);
    expect(stdout.match(/1,000 requests at once +1,000 × 200 +0 token requests$/gm)).toHaveLength(3);
    expect(stdout.match(/revoked; one request +1 × 401, then 1 × 200 +1 token request$/gm)).toHaveLength(3);
    expect(stdout.match(/expired; 1,000 requests at once +1,000 × 200 +1 token request$/gm)).toHaveLength(3);
  }, 60_000);

  test('it uses no colours where there is no terminal', async () => {
    const { stdout } = await demo(['--help']);
    expect(stdout).toContain('--issuer');
    expect(stdout).not.toContain('\u001B');
  });
});

describe('on the servers of the user', () => {
  test('it finds them by flags and environment, and ends well', async () => {
    const identity = await IdentityServer.start();
    const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
    const { clientId, clientSecret, issuer } = identity.client;
    const args = ['--issuer', issuer, '--url', `${api.origin}/orders?page=1`, '--requests', '10'];
    const { code, stdout, stderr } = await demo(args, { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret });
    await Promise.all([identity.close(), api.close()]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/expired; 10 requests at once +10 × 200 +1 token request$/gm)).toHaveLength(3);
    expect(api.requests[0]?.url).toBe('/orders?page=1');
  }, 30_000);

  test('a server that refuses is the reason that it ends with', async () => {
    const identity = await IdentityServer.start();
    const args = ['--token-endpoint', identity.tokenEndpoint, '--client-id', 'nobody', '--url', 'http://127.0.0.1:9'];
    const { code, stderr, stdout } = await demo(args, { CLIENT_SECRET: 'hush' });
    await identity.close();
    expect(code).toBe(1);
    expect(stderr).toContain('invalid_client');
    expect(stdout + stderr).not.toContain('hush');
  });

  test.each([
    [['--client-id', 'orders'], 'give --issuer or --token-endpoint'],
    [['--issuer', 'https://login.example.com'], '--client-id or CLIENT_ID is missing'],
    [['--nonsense'], 'nonsense'],
  ])('%j says what is missing', async (args, message) => {
    const { code, stderr } = await demo(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
