import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** Runs a script beside this file to its end, which must come long before any deadline of a token request. */
async function run(
  script: string,
  { flags = [], args = [] }: { flags?: string[]; args?: string[] } = {},
): Promise<string> {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path, ...args], {
    env: {},
  });
  return stdout.trim();
}

test('a process that would die of an unhandled rejection lives through failures, aborts and bad listeners', async () => {
  const flags = ['--unhandled-rejections=strict'];
  expect(JSON.parse(await run('nothing-unhandled.ts', { flags }))).toEqual({ failed: 40, requests: 56 });
});

test('a process with nothing left to do exits at once', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/token') response.end('{"access_token":"real","token_type":"Bearer","expires_in":3600}');
    else if (request.url === '/broken') response.writeHead(500).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const output = run('nothing-left.ts', { args: [String(port)] });
  await output.finally(() => server.close().closeAllConnections());
  expect(await output).toBe('real failed left');
});

test('the heap keeps no secret that was presented, and no token that is held no more', async () => {
  expect((await run('heap.ts')).split('\n')).toEqual(['renewed: other token', 'revoked: ', 'disposed:']);
});

test('a key takes 1 kB of heap or less, its token included', async () => {
  expect(Number(await run('memory.ts', { flags: ['--expose-gc'] }))).toBeLessThanOrEqual(1_024);
});
