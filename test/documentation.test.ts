import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer, RedisServer } from '@tokenline/adapter-tests';
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { staticTokenSource } from '@tokenline/testing';
import { documents, entryOf, pages, readmes, runElsewhere, staleIn } from './documentation.ts';
import { asCommonJs, root, type Snippet, SnippetFolder } from './snippets.ts';

const redisUrl = 'redis://localhost:6379';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** What a snippet finds where it runs: files, and variables of the environment. */
const found = {
  'client.crt': '',
  'client.key': '',
  'service-account.json': JSON.stringify({ token_uri: 'https://oauth2.example.com/token', private_key: privateKey }),
};
const environment = {
  TOKEN_KEY: Buffer.alloc(32, 7).toString('base64'),
  VCAP_SERVICES: JSON.stringify({
    xsuaa: [{ credentials: { clientid: 'orders', clientsecret: 'sesame', url: 'https://xsuaa.example.com' } }],
  }),
};

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
  for (const [file, text] of Object.entries(found)) await writeFile(new URL(file, folder.url), text);
  const inTurn = 'for (const file of process.argv.slice(1)) await import(file)';
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', inTurn, ...files], {
    cwd: folder.url,
    env: { ...process.env, NODE_OPTIONS: '', CLIENT_SECRET: identity.client.clientSecret, ...environment },
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

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

test.each(readmes.filter((readme) => readme.startsWith('examples/')))('%s shows code of its example', (readme) => {
  const files = globSync(`${dirname(readme)}/{,src/,lib/}*.{js,ts}`, { cwd: root.pathname });
  const code = oneLine(files.map(read).join('\n'));
  const shown = [...read(readme).matchAll(/^```[jt]s\n(.*?)^```$/gms)].flatMap(([, snippet = '']) =>
    snippet.split('\n'),
  );
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.map(oneLine).filter((line) => !code.includes(line))).toEqual([]);
});

test('CONTRIBUTING.md says what each package is for', () => {
  const told = read('CONTRIBUTING.md').match(/^packages\/[^*\s]+(?=\s)/gm) ?? [];
  const packages = globSync('packages/*/package.json', { cwd: root.pathname }).map(dirname);
  expect(globSync(told, { cwd: root.pathname }).toSorted()).toEqual(packages.toSorted());
});

// Nobody would run or check it.
test.each(pages)('%s has no code in another language than ts', (page) => {
  expect(read(page).match(/^```(?:[mc]?js|javascript|[jt]sx|typescript)$/gm)).toBeNull();
});

test('each page that is run elsewhere has snippets, and a test there', () => {
  expect(staleIn(runElsewhere)).toEqual([]);
  expect(Object.values(runElsewhere).filter((runner) => !existsSync(new URL(runner, root)))).toEqual([]);
});

const here = [...documents].filter(([document]) => entryOf(runElsewhere, document) === undefined);

const isOfVendor = ([document]: (typeof here)[number]): boolean => document.startsWith('docs/vendors/');

test.each(here.filter((each) => !isOfVendor(each)))('the snippets of %s run', (document, snippets) =>
  run(document, snippets, 'ts'),
);

// More would take an account at each vendor.
test('the snippets of docs/vendors make their sources', () =>
  run(
    'docs/vendors',
    here.filter(isOfVendor).flatMap(([, snippets]) => snippets),
    'ts',
  ));

describe('the first snippet of every README', () => {
  const first = [...documents].filter(([document]) => readmes.includes(document)).map(([, snippets]) => snippets[0]!);

  test('is JavaScript, too', () => run('as-javascript', first, 'js'));

  test('runs as CommonJS, but those of got and ky, which are ES modules only', () =>
    run('as-commonjs', first.filter(({ document }) => !/got|ky/.test(document)).map(asCommonJs), 'cjs'));
});

test('docs/observability.md has every event, with its fields', () => {
  const [, union = ''] =
    /export type TokenEventDetails =(.*?)\n\n/s.exec(read('packages/core/src/common/events.ts')) ?? [];
  const declared = [...union.matchAll(/readonly type: '([\w-]+)'([^}]*)\}/g)].map(
    ([, type, rest = '']) => `${type}: ${[...rest.matchAll(/readonly (\w+)/g)].map(([, name]) => name).join()}`,
  );
  const rows = read('docs/observability.md').matchAll(/^\| `([\w-]+)` \|[^|]+\|([^|]*)\|$/gm);
  const told = [...rows].map(([, type, fields = '']) => `${type}: ${fields.match(/\w+/g)?.join() ?? ''}`);
  expect(declared.length).toBeGreaterThan(10);
  expect(told.toSorted()).toEqual(declared.toSorted());
});

/** The options that a function says it has, when it is given another one. */
function optionsOf(make: (options: object) => unknown): string[] {
  try {
    make({ 'no such option': true });
  } catch (error) {
    return /its options are (.*)/.exec(String(error))?.[1]?.split(', ') ?? [];
  }
  return [];
}

test.each<[owner: string, make: (options: object) => unknown]>([
  ['createTokenSource', (options) => createTokenSource(options)],
  ['bearerAuth', (options) => bearerAuth(fetch, staticTokenSource('token'), options)],
])('docs/start.md has every option of %s', (owner, make) => {
  const [, table = ''] = read('docs/start.md').split(`| option of \`${owner}\` |`);
  const [rows = ''] = /(?:^\|.*\n)+/m.exec(table) ?? [];
  const told = rows.split('\n').flatMap((row) => row.split(' | ')[0]?.match(/(?<=`)\w+(?=`)/g) ?? []);
  expect(told.length).toBeGreaterThan(0);
  expect(told.toSorted()).toEqual(optionsOf(make).toSorted());
});
