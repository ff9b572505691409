import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { slugOf } from '../src/markdown.ts';
import { Repository } from '../src/repository.ts';
import { faultsOfSources } from '../src/sources.ts';

const here = 'https://github.com/tokenline/tokenline';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'documents-'));
});

afterEach(() => rm(root, { recursive: true }));

/** What is wrong with these files, beside those of a small repository without faults. */
async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const all = {
    'README.md': '# Project\n\n[Start](docs/start.md#the-end)\n',
    'docs/start.md': '# Start\n\n## The end\n\n[other](clients/other.md), [up](#start)\n',
    'docs/clients/other.md': '# Other\n\n[start](../start.md), [the package](../../packages/one)\n',
    'packages/one/README.md': `# One\n\n[start](${here}/blob/main/docs/start.md#start)\n`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return faultsOfSources(new Repository(root), [{ pages: ['start'] }, { title: 'Clients', pages: ['clients/other'] }]);
}

test('documents without a fault have none', async () => {
  expect(await faultsOf({})).toEqual([]);
});

describe('a link', () => {
  test.each([
    ['to no page', '[a](nowhere.md)', 'nowhere.md: there is no docs/nowhere.md'],
    ['to no part of a page', '[a](clients/other.md#part)', 'clients/other.md#part: docs/clients/other.md has no #part'],
    ['to no part of its own page', '[a](#part)', '#part: docs/start.md has no #part'],
    [
      'to no part of a folder',
      '[a](../packages/one#part)',
      '../packages/one#part: packages/one/README.md has no #part',
    ],
    ['out of the repository', '[a](../../elsewhere.md)', '../../elsewhere.md: there is no ../elsewhere.md'],
    ['over two lines', '[one\ntwo](nowhere.md)', 'nowhere.md: there is no docs/nowhere.md'],
    ['around a picture', '[![a](no.svg)](clients/other.md)', 'no.svg: there is no docs/no.svg'],
    ['that stands by itself', '[a]: nowhere.md', 'nowhere.md: there is no docs/nowhere.md'],
    ['in HTML', '<img alt="a" src="no.svg">', 'no.svg: there is no docs/no.svg'],
    ['by the address of no file', `[a](${here}/blob/main/no.md)`, `${here}/blob/main/no.md: there is no no.md`],
    [
      'by the address of no part of a file',
      `[a](${here}/blob/main/README.md#part)`,
      `${here}/blob/main/README.md#part: README.md has no #part`,
    ],
    [
      'by an address in another branch',
      `[a](${here}/blob/next/README.md)`,
      `${here}/blob/next/README.md: links to this repository are to the branch main`,
    ],
    ['to another site without TLS', '[a](http://example.com)', 'http://example.com: links use https'],
    ['with an address that is none', '[a](https://)', 'https://: this is no URL'],
  ])('%s is a fault', async (_, text, fault) => {
    const [found, ...others] = await faultsOf({ 'docs/start.md': `# Start\n\n## The end\n\n${text}\n` });
    expect(found?.replace(/^docs\/start\.md:[56]: /, '')).toBe(fault);
    expect(others).toEqual([]);
  });

  test('in code or in a comment is none', async () => {
    const text = '# Start\n\n## The end\n\n`[a](no.md)` <!-- [b](no.md) -->\n\n```md\n[c](no.md)\n# D\n```\n';
    expect(await faultsOf({ 'docs/start.md': text })).toEqual([]);
  });

  test('finds the second of two headings that are the same, and what has an id', async () => {
    const start = '# Start\n\n## The end\n\n## The end\n\n<a id="here"></a> [a](#the-end-1) [b](#here)\n';
    expect(await faultsOf({ 'docs/start.md': start })).toEqual([]);
  });
});

describe('the navigation', () => {
  test('lacks no page', async () => {
    expect(await faultsOf({ 'docs/new.md': '# New\n' })).toEqual(['docs/new.md: is not in the navigation']);
  });

  test('has no page that is not there', async () => {
    await faultsOf({});
    const faults = faultsOfSources(new Repository(root), [{ pages: ['start', 'clients/other', 'gone'] }]);
    expect(faults).toEqual(['docs/gone.md: the navigation has it, the disk not']);
  });
});

describe('code', () => {
  test('names only pages that are there', async () => {
    const code = "export const advice = 'see docs/start.md and docs/gone.md';\n";
    expect(await faultsOf({ 'packages/one/src/advice.ts': code })).toEqual([
      'packages/one/src/advice.ts:1: docs/gone.md: there is no docs/gone.md',
    ]);
  });

  test.each(['```typescript\na;\n```', '```js\na;\n```', '- a\n\n  ```ts\n  a;\n  ```'])(
    'in a page that no test would run is a fault: %j',
    async (snippet) => {
      const [fault, ...others] = await faultsOf({ 'docs/start.md': `# Start\n\n## The end\n\n${snippet}\n` });
      expect(fault).toMatch(/^docs\/start\.md:\d: no test runs this snippet/);
      expect(others).toEqual([]);
    },
  );
});

test.each([
  ['A `code` & more', 'a-code--more'],
  ['`ERR_TOKEN_REQUEST`', 'err_token_request'],
  ["What the API's 401 means", 'what-the-apis-401-means'],
  ['Grüße', 'grüße'],
])('the heading "%s" has the anchor that GitHub gives it', (heading, slug) => {
  expect(slugOf(heading)).toBe(slug);
});
