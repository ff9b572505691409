import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer, RedisServer } from '@tokenline/adapter-tests';
import { documents, entryOf, readmes, runElsewhere, staleIn } from './documentation.ts';
import { asCommonJs, root, type Snippet, SnippetFolder } from './snippets.ts';

const redisUrl = 'redis://localhost:6379';
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

let identity: IdentityServer;
let api: ApiServer;
let redis: RedisServer | undefined;

beforeAll(async () => {
  identity = await IdentityServer.start();
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  redis = await RedisServer.start();
});

const folders: SnippetFolder[] = [];
afterAll(() =>
  Promise.all([...folders.map((folder) => folder.remove()), identity.close(), api.close(), redis?.stop()]),
);

/** Runs snippets one after the other, in one process that has to end by itself. */
async function run(name: string, snippets: readonly Snippet[], extension: string): Promise<void> {
  const folder = new SnippetFolder(name);
  folders.push(folder);
  const addresses = {
    'https://login.example.com': identity.issuer,
    'https://api.example.com': api.origin,
    [redisUrl]: redis?.url ?? redisUrl,
  };
  const files: string[] = [];
  for (const snippet of snippets) {
    if (redis !== undefined || !snippet.code.includes(redisUrl))
      files.push(await folder.write(snippet, addresses, extension));
    else process.stderr.write(`left out, because there is no redis-server on the path: a snippet of ${name}\n`);
  }
  // What a snippet reads from where it runs.
  for (const file of ['client.crt', 'client.key']) await writeFile(new URL(file, folder.url), '');
  const secrets = { CLIENT_SECRET: identity.client.clientSecret, TOKEN_KEY: Buffer.alloc(32, 7).toString('base64') };
  const inTurn = 'for (const file of process.argv.slice(1)) await import(file)';
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', inTurn, ...files], {
    cwd: folder.url,
    env: { ...process.env, NODE_OPTIONS: '', ...secrets },
  });
}

describe('every README', () => {
  test.each(readmes)('%s has fewer than 120 lines', (readme) => {
    expect(read(readme).split('\n').length - 1).toBeLessThan(120);
  });

  const packages = readmes.filter((readme) => {
    const manifest = readme.replace('README.md', 'package.json');
    return readme.startsWith('packages/') && !read(manifest).includes('"private": true');
  });

  test.each(packages)('%s shows code that works before line 20', (readme) => {
    const [opening = ''] = /^.*?^```(?:ts|sh)\n(?!npm install).*?(?=^```$)/ms.exec(read(readme)) ?? [];
    expect(opening.split('\n').length - 1).toBeGreaterThan(5);
    expect(opening.split('\n').length - 1).toBeLessThanOrEqual(20);
  });

  // A registry shows it, too, and has no other file.
  test.each(packages)('%s has no relative link', (readme) => {
    expect(read(readme).match(/\]\((?!https:|#)[^)]*\)/g)).toBeNull();
  });

  test('of a package that is imported has a snippet', () => {
    const imported = packages.filter((readme) =>
      read(readme.replace('README.md', 'package.json')).includes('"exports"'),
    );
    expect(imported.filter((readme) => !documents.has(readme))).toEqual([]);
  });
});

test('each page that is run elsewhere has snippets, and a test there', () => {
  expect(staleIn(runElsewhere)).toEqual([]);
  expect(Object.values(runElsewhere).filter((runner) => !existsSync(new URL(runner, root)))).toEqual([]);
});

const here = [...documents].filter(([document]) => entryOf(runElsewhere, document) === undefined);

test.each(here)('the snippets of %s run', (document, snippets) => run(document, snippets, 'ts'));

describe('the first snippet of every README', () => {
  const first = [...documents].filter(([document]) => readmes.includes(document)).map(([, snippets]) => snippets[0]!);

  test('is JavaScript, too', () => run('as-javascript', first, 'js'));

  test('runs as CommonJS, but those of got and ky, which are ES modules only', () =>
    run('as-commonjs', first.filter(({ document }) => !/got|ky/.test(document)).map(asCommonJs), 'cjs'));
});
