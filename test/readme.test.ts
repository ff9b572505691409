import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer, RedisServer } from '@tokenline/adapter-tests';

const run = promisify(execFile);
const root = new URL('../', import.meta.url);
// Below the root, so that imports in it resolve as they do for the workspace.
const folder = new URL('test/.snippets/', root);
const redisUrl = 'redis://localhost:6379';
const tokenKey = Buffer.alloc(32, 7).toString('base64');

let identity: IdentityServer;
let api: ApiServer;
let redis: RedisServer | undefined;

beforeAll(async () => {
  identity = await IdentityServer.start();
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  redis = await RedisServer.start();
  await mkdir(folder, { recursive: true });
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await Promise.all([identity.close(), api.close(), redis?.stop()]);
});

const readmes = globSync('{,packages/*/}README.md', { cwd: root.pathname }).toSorted();
const snippets = readmes.flatMap((readme) =>
  [...readFileSync(new URL(readme, root), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => ({
    readme,
    code,
  })),
);

test('every package has a README with a snippet', () => {
  const packages = globSync('packages/*/package.json', { cwd: root.pathname }).filter(
    (file) => !readFileSync(new URL(file, root), 'utf8').includes('"private": true'),
  );
  expect(new Set(snippets.map(({ readme }) => readme))).toEqual(
    new Set(['README.md', ...packages.map((file) => file.replace('package.json', 'README.md'))]),
  );
});

test.each(snippets.map(({ readme, code }, index) => [readme, index, code] as const))(
  'the snippets of %s run (%i)',
  async (readme, index, code) => {
    const file = new URL(`${index}.ts`, folder);
    if (code.includes(redisUrl) && redis === undefined) {
      process.stderr.write(`left out, because there is no redis-server on the path: a snippet of ${readme}\n`);
      return;
    }
    await writeFile(
      file,
      code
        .replaceAll('https://login.example.com', identity.issuer)
        .replaceAll('https://api.example.com', api.origin)
        .replaceAll(redisUrl, redis?.url ?? redisUrl),
    );
    await run(process.execPath, [file.pathname], {
      env: { ...process.env, NODE_OPTIONS: '', CLIENT_SECRET: identity.client.clientSecret, TOKEN_KEY: tokenKey },
    });
  },
);
