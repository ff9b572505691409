import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fakeIdentityServer } from '@tokenline/testing';
import { environment, program, tokenline } from './command.ts';

const secret = 'a-secret-that-is-typed-in';
const folder = mkdtempSync(join(tmpdir(), 'tokenline-process-'));
const server = fakeIdentityServer({
  clients: { orders: { client_secret: secret, token_endpoint_auth_method: 'client_secret_post' } },
});

beforeAll(() => server.listen());

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const jwt = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;

test.each([
  ['inspect', ['inspect']],
  ['doctor', ['doctor', '--client-id', 'orders', '--issuer']],
])('whoever reads only the start of what %s says ends it, quietly', async (_, args) => {
  const whole = args.at(-1) === '--issuer' ? [...args, server.issuer] : args;
  const child = spawn(process.execPath, [program, ...whole], {
    env: environment({ CLIENT_SECRET: secret }),
    timeout: 120_000,
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdout.destroy();
  child.stdin.on('error', () => {}).end(jwt);
  const [status] = (await once(child, 'close')) as [number];
  expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
});

const getting = (): string[] => ['get', '--issuer', server.issuer, '--client-id', 'orders'];

describe('an interruption', () => {
  test('ends the command as a signal does, without a word', async () => {
    const hanging = server.hangNext();
    const running = tokenline(getting(), { env: { CLIENT_SECRET: secret } });
    await hanging.arrived;
    running.child.kill('SIGINT');
    expect(await running).toMatchObject({ signal: 'SIGINT', stdout: '', stderr: '' });
    hanging.release();
  });

  test('ends the wait for a pipe that says nothing', async () => {
    const child = spawn(process.execPath, [program, 'inspect'], { env: environment(), timeout: 120_000 });
    const ended = once(child, 'close');
    // Whoever is interrupted before it listens ends in the same way.
    child.stdin.write('the start of a token');
    setTimeout(() => child.kill('SIGINT'), 2_000);
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  test('loses no refresh token', async () => {
    let [ask, answer] = [(): void => {}, (): void => {}];
    const asked = new Promise<void>((resolve) => (ask = resolve));
    const answered = new Promise<void>((resolve) => (answer = resolve));
    server.answerNext(async () => {
      ask();
      await answered;
      const tokens = { access_token: 'a-token', refresh_token: 'the-next-refresh-token' };
      return Response.json({ ...tokens, token_type: 'Bearer', expires_in: 60 });
    });
    const path = join(folder, 'refresh-token');
    writeFileSync(path, 'the-first-refresh-token');
    const grant = ['--grant', 'refresh-token', '--grant-parameter', `refresh_token=@${path}`, '--auth', 'none'];
    const running = tokenline([...getting(), ...grant]);
    await asked;
    running.child.kill('SIGTERM');
    answer();
    expect(await running).toMatchObject({ signal: 'SIGTERM', stdout: '' });
    expect(readFileSync(path, 'utf8')).toBe('the-next-refresh-token');
  });
});

test.each(['16.20.2', '20.20.2', '22.11.0'])('on Node %s it says which one it needs', async (version) => {
  const older = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(older)}`;
  const { status, stdout, stderr } = await tokenline(['inspect'], { env: { NODE_OPTIONS }, stdin: jwt });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(`error: tokenline needs Node 22.12 or newer, and this is Node ${version}\n`);
});

describe('colours', () => {
  const coloured = '\u001b[';
  test.each<[string, Record<string, string>, boolean]>([
    ['are not for a pipe', {}, false],
    ['are for whoever asks for them', { FORCE_COLOR: '1' }, true],
    ['are not for whoever forbids them', { NO_COLOR: '1' }, false],
  ])('%s', async (_, env, expected) => {
    const { stdout, status } = await tokenline(['inspect'], { env, stdin: jwt });
    expect(status).toBe(0);
    expect(stdout.includes(coloured)).toBe(expected);
  });
});

// A terminal of its own, by util-linux.
const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** Runs the command on a terminal, and types when it asks. */
async function typed(
  args: readonly string[],
  question: string,
  answer: string,
  env: Record<string, string> = {},
): Promise<string> {
  const command = [process.execPath, program, ...args].map((each) => `'${each}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: environment({ TERM: 'xterm-256color', ...env }),
    timeout: 120_000,
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = shown;
    shown += chunk.toString();
    if (!before.includes(question) && shown.includes(question)) child.stdin.write(answer);
  });
  const [status] = (await once(child, 'close')) as [number];
  return `${shown}[${status}]`;
}

(hasTerminal ? describe : describe.skip)('on a terminal', () => {
  test('the secret is asked for, and not shown', async () => {
    const shown = await typed(getting(), 'Client secret: ', `${secret}\r`);
    expect(server.tokenRequests.at(-1)).toMatchObject({ clientAuthentication: 'client_secret_post', status: 200 });
    expect(shown).not.toContain(secret);
    expect(shown).toContain('requesting a token');
    expect(shown).toMatch(/\[0\]$/);
  });

  test('what doctor says is broken between words, and indented', async () => {
    const scope = ['--scope', 'orders.read orders.write'];
    const shown = await typed(['doctor', ...getting().slice(1), ...scope], 'never', '', {
      CLIENT_SECRET: secret,
      NO_COLOR: '1',
    });
    const [report = ''] = shown.split('Options to paste');
    const lines = report.split('\r\n').map((line) => stripVTControlCharacters(line));
    expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
    expect(report).toMatch(/^ {2}(ok|note|problem) .+\r\n {11}[^ ]/m);
  });

  test('an interruption ends the question', async () => {
    const shown = await typed(getting(), 'Client secret: ', '\u0003');
    expect(shown).not.toContain('error');
    expect(shown).toMatch(/\[130\]$/);
  });

  test('NO_COLOR is respected', async () => {
    const token = ['inspect', '--token', 'env:TOKEN'];
    expect(await typed(token, 'never', '', { TOKEN: jwt })).toContain('\u001b[1mHeader');
    expect(await typed(token, 'never', '', { TOKEN: jwt, NO_COLOR: '1' })).not.toContain('\u001b[');
  });
});
