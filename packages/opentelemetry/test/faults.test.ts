import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';

let identity: IdentityServer;
beforeAll(async () => (identity = await IdentityServer.start()));
afterAll(() => identity.close());

const child = fileURLToPath(new URL('children/faults.ts', import.meta.url));

/** In a process of its own: what a subscriber throws would end it. */
async function run(fault: string): Promise<unknown> {
  const env = { ...process.env, NODE_OPTIONS: '', CLIENT: JSON.stringify(identity.client), FAULT: fault };
  const { stdout } = await promisify(execFile)(process.execPath, [child], { env });
  return JSON.parse(stdout);
}

test.each(['tracer', 'span', 'counter'])('a %s that throws disturbs nobody, and is told of', async (fault) => {
  expect(await run(fault)).toEqual({ tokens: 2, told: true });
});
