import { readFileSync } from 'node:fs';
import { root, SnippetFolder, snippetsOf } from '../../../test/snippets.ts';
import type { Sdk } from './sdks/sdk.ts';

const document = 'docs/sdks.md';
const text = readFileSync(new URL(document, root), 'utf8');

/** The lines of the tables: an SDK, and what one writes for it. */
const lines: ReadonlyMap<string, string> = new Map(
  [...text.matchAll(/^\| (.+?) \| `(.+)` \|$/gm)].map(([, name = '', code = '']) => [name, code]),
);

/** The snippets, by their headings. */
export const snippets: ReadonlyMap<string, string> = new Map(
  snippetsOf(document).map(({ heading, code }) => [heading, code]),
);

/** All that the page has code for: the lines, and the headings of the snippets. */
export const names: readonly string[] = [...lines.keys(), ...snippets.keys()];

/** A folder below this package, whose snippets import the SDKs. Each test file has its own. */
export const folderOf = (name: string): SnippetFolder => new SnippetFolder(name, 'packages/sdk-recipes/test');

/** What the page has for an SDK, with the client that it takes. */
export function codeFor({ name, given = '', after = '' }: Sdk, client: string): string {
  const line = lines.get(name);
  const own = line === undefined ? snippets.get(name) : `const sdk = ${line};`;
  return [given, snippets.get(client), own, after].join('\n');
}
