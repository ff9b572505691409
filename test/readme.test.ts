import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer, RedisServer } from '@tokenline/adapter-tests';
import { asCommonJs, root, type Snippet, SnippetFolder, snippetsOf } from './snippets.ts';

const run = promisify(execFile);
const folder = new SnippetFolder('readmes');
const redisUrl = 'redis://localhost:6379';
const tokenKey = Buffer.alloc(32, 7).toString('base64');

let identity: IdentityServer;
let api: ApiServer;
let redis: RedisServer | undefined;

beforeAll(async () => {
  identity = await IdentityServer.start();
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  redis = await RedisServer.start();
});

afterAll(() => Promise.all([folder.remove(), identity.close(), api.close(), redis?.stop()]));

const readmes = globSync('{,packages/*/}README.md', { cwd: root.pathname }).toSorted();
const snippets = readmes.flatMap(snippetsOf);

test('every package that is imported has a README with a snippet', () => {
  const packages = globSync('packages/*/package.json', { cwd: root.pathname }).filter((file) => {
    const manifest = readFileSync(new URL(file, root), 'utf8');
    return !manifest.includes('"private": true') && manifest.includes('"exports"');
  });
  expect(new Set(snippets.map(({ document }) => document))).toEqual(
    new Set(['README.md', ...packages.map((file) => file.replace('package.json', 'README.md'))]),
  );
});

/** Runs a snippet in a file of its own. */
async function runSnippet(snippet: Snippet, extension: string): Promise<void> {
  if (snippet.code.includes(redisUrl) && redis === undefined) {
    process.stderr.write(`left out, because there is no redis-server on the path: a snippet of ${snippet.document}\n`);
    return;
  }
  const addresses = {
    'https://login.example.com': identity.issuer,
    'https://api.example.com': api.origin,
    [redisUrl]: redis?.url ?? redisUrl,
  };
  const file = await folder.write(snippet, addresses, extension);
  await run(process.execPath, [file], {
    env: { ...process.env, NODE_OPTIONS: '', CLIENT_SECRET: identity.client.clientSecret, TOKEN_KEY: tokenKey },
  });
}

test.each(snippets.map((snippet, index) => [snippet.document, index, snippet] as const))(
  'the snippets of %s run (%i)',
  (_readme, _index, snippet) => runSnippet(snippet, 'ts'),
);

const first = snippets.filter(({ document }, index) => snippets[index - 1]?.document !== document);

test.each(first.map((snippet) => [snippet.document, snippet] as const))(
  'the first snippet of %s is JavaScript, too',
  (_, snippet) => runSnippet(snippet, 'js'),
);

// got and ky are ES modules only.
test.each(
  first.filter(({ document }) => !/got|ky/.test(document)).map((snippet) => [snippet.document, snippet] as const),
)('the first snippet of %s runs as CommonJS', (_, snippet) => runSnippet(asCommonJs(snippet), 'cjs'));
