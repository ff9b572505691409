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

const clients = ['axios', 'got', 'ky', 'fetch', 'undici'];

describe('on its own servers', () => {
  test('it shows what a cold herd, a revocation and an expiry cost each client, beside a naive interceptor', async () => {
    const { code, stdout, stderr } = await demo([]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [, naive = '', ...told] = stdout.split(/\n\n(?=.*(?:by hand|with tokenline)\n)/);
    expect(naive).toMatch(/no token yet: 1,000 requests +1,000 × 200 +1,000 token requests$/m);
    expect(told.map((story) => story.split(' ')[0])).toEqual(clients);
    for (const story of told) {
      expect(story).toMatch(/no token yet: 1,000 requests +1,000 × 200 +1 token request$/m);
      expect(story).toMatch(/one more request +1 × 200 +0 token requests$/m);
      expect(story).toMatch(/revoked: 100 requests +\d+ × 401, 100 × 200 +1 token request$/m);
      expect(story).toMatch(/expired: 1,000 requests +1,000 × 200 +1 token request$/m);
    }
    expect(stdout).toMatch(/Every figure is what it should be. Next:\n\n.*demo --help.*\n.*test.*\n.*README.*\n$/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('it uses no colours where there is no terminal', async () => {
    const { stdout } = await demo(['--help']);
    expect(stdout).toContain('--issuer');
    expect(stdout).not.toContain('\u001B');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
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
    expect(stdout.match(/no token yet: 10 requests +10 × 200 +1 token request$/gm)).toHaveLength(clients.length);
    expect(stdout.match(/expired: 10 requests +10 × 200 +1 token request$/gm)).toHaveLength(clients.length);
    expect(api.requests[0]?.url).toBe('/orders?page=1');
  });

  test('a server that refuses is the reason that it ends with', async () => {
    const identity = await IdentityServer.start();
    const args = ['--token-endpoint', identity.tokenEndpoint, '--client-id', 'nobody', '--url', 'http://127.0.0.1:9'];
    const { code, stderr, stdout } = await demo(args, { CLIENT_SECRET: 'hush' });
    await identity.close();
    expect(code).toBe(1);
    expect(stderr).toContain('invalid_client');
    expect(stdout + stderr).not.toContain('hush');
  });

  test('the innermost reason is told', async () => {
    const api = await ApiServer.start({ accepts: () => true });
    await api.close();
    const args = ['--token-endpoint', `${api.origin}/token`, '--client-id', 'orders', '--url', api.origin];
    const { code, stderr } = await demo(args, { CLIENT_SECRET: 'hush' });
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  test('http beyond this machine needs --insecure, which is what it advises', async () => {
    const [env, address] = [{ CLIENT_ID: 'orders', CLIENT_SECRET: 'hush' }, 'http://login.invalid:1'];
    const { stderr } = await demo(['--issuer', address, '--url', address], env);
    expect(stderr).toContain('--issuer must use https; http is for loopback, or needs --insecure');
    const allowed = await demo(['--issuer', address, '--url', address, '--insecure'], env);
    expect(allowed.stderr).toContain(address);
    expect(allowed.stderr).not.toContain('--insecure');
  });

  test.each([
    [['--url', 'api.example.com'], '--url must be an absolute URL'],
    [['--url', 'ftp://api.example.com'], '--url must be an absolute URL'],
    [['--url', 'https://api.example.com', '--issuer', 'login'], '--issuer must be an absolute URL'],
  ])('%j is named by its flag', async (args, message) => {
    const env = { CLIENT_ID: 'orders', CLIENT_SECRET: 'hush', ISSUER: 'https://login.example.com' };
    expect((await demo(args, env)).stderr).toContain(message);
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
