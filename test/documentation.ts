import { globSync } from 'node:fs';
import { root, type Snippet, snippetsOf } from './snippets.ts';

const filesAt = (pattern: string): string[] => globSync(pattern, { cwd: root.pathname }).toSorted();

export const readmes: readonly string[] = filesAt('{,demo/,{examples,packages,tools}/*/}README.md');
export const pages: readonly string[] = filesAt('docs/**/*.md');

/** What a table says of pages, or of the folders that they are in. */
export type ByPage<T> = Readonly<Record<string, T>>;

export function entryOf<T>(table: ByPage<T>, page: string): T | undefined {
  return Object.entries(table).find(([key]) => page === key || page.startsWith(`${key}/`))?.[1];
}

/** The keys of a table that no page with snippets has. */
export function staleIn(table: ByPage<unknown>): string[] {
  return Object.keys(table).filter((key) => ![...documents.keys()].some((page) => entryOf({ [key]: true }, page)));
}

/** Pages whose snippets need servers or packages that no other page needs, and the test that runs them. */
export const runElsewhere: ByPage<string> = {
  'docs/clients/other-clients.md': 'packages/client-recipes/test/other-clients.test.ts',
  'docs/custom-sources.md': 'test/recipes.test.ts',
  'docs/migration': 'packages/migration-recipes/test/migration.test.ts',
  'docs/observability.md': 'packages/opentelemetry/test/observability.test.ts',
  'docs/proxies.md': 'packages/client-recipes/test/proxies.test.ts',
  'docs/sdks.md': 'packages/sdk-recipes/test/sdks.test.ts',
  'docs/token-requests.md': 'test/token-requests.test.ts',
};

/** The snippets of each document that has some. */
export const documents: ReadonlyMap<string, readonly Snippet[]> = new Map(
  // Examples are run as what they are: packages.
  [...readmes.filter((readme) => !readme.startsWith('examples/')), ...pages]
    .map((document) => [document, snippetsOf(document)] as const)
    .filter(([, { length }]) => length > 0),
);
