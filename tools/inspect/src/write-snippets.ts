// Writes every ts snippet of the documentation to a file of its own, and a tsconfig.json that lists them, for the type check.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type ByPage, documents, entryOf, staleIn } from '../../../test/documentation.ts';
import { root } from '../../../test/snippets.ts';

/** Where the snippets of a page find what they import, where that is not the root. */
const homes: ByPage<string> = {
  'docs/clients/other-clients.md': 'packages/client-recipes/test',
  'docs/migration': 'packages/migration-recipes/test',
  'docs/observability.md': 'packages/opentelemetry/test',
  'docs/proxies.md': 'packages/client-recipes/test',
};

/** The snippets that others of their page import: the names of their files, by their headings. */
const modules: ByPage<Readonly<Record<string, string>>> = {
  'docs/clients/other-clients.md': { 'Other clients': 'source' },
  'docs/proxies.md': { 'A fetch through the proxy': 'proxied-fetch', 'The source': 'source' },
};

/** Where a page on migration has the code of another package. */
const old = ['Before', 'Step by step'];

/** Snippets that are not checked here: all of a page, or those under some headings. */
const unchecked: ByPage<{ readonly headings?: readonly string[]; readonly because: string }> = {
  'docs/migration/axios-auth-refresh.md': { headings: old, because: 'that package has types of another copy of axios' },
  'docs/migration/axios-oauth-client.md': { headings: old, because: 'axios-token-interceptor has no types' },
  'docs/sdks.md': { because: 'they are parts of others: packages/sdk-recipes/test/types.test.ts puts them together' },
};

const isThere = (page: string, heading: string): boolean =>
  documents.get(page)?.some((snippet) => snippet.heading === heading) === true;
const gone = Object.entries(unchecked).flatMap(([page, { headings = [] }]) =>
  headings.filter((heading) => !isThere(page, heading)).map((heading) => `${page} under "${heading}"`),
);
const stale = [...[homes, modules, unchecked].flatMap(staleIn), ...gone];
if (stale.length > 0) throw new Error(`there are no snippets in ${stale.join(', ')}`);

const files: string[] = [];
for (const [document, snippets] of documents) {
  const [exception, names] = [entryOf(unchecked, document), entryOf(modules, document)];
  const folder = new URL(`${entryOf(homes, document) ?? 'test'}/.snippets/types/${document}/`, root);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, { heading, code }] of snippets.entries()) {
    if (exception && (exception.headings?.includes(heading) ?? true)) continue;
    const file = new URL(`${names?.[heading] ?? index + 1}.ts`, folder);
    await writeFile(file, code);
    files.push(file.pathname);
  }
}

const compilerOptions = {
  declaration: false,
  isolatedDeclarations: false,
  // Not installed: its stand-in has the same interface.
  paths: { '@azure/identity': ['../../recipes/azure-credential.ts'] },
};
await writeFile(
  new URL('test/.snippets/types/tsconfig.json', root),
  JSON.stringify({ extends: '../../../tsconfig.json', compilerOptions, include: [], files }),
);
