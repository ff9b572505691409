import { globSync } from 'node:fs';
import { readMarkdown } from './markdown.ts';
import type { Part } from './navigation.ts';
import type { Repository } from './repository.ts';

const leftOut = new Set(['node_modules', 'dist', '.git', 'fixtures']);

/** What is wrong with the documents of the repository, each fault with the place of it. */
export function faultsOfSources(repository: Repository, navigation: readonly Part[]): string[] {
  const filesOf = (pattern: string): string[] =>
    globSync(pattern, { cwd: repository.root, exclude: (name) => leftOut.has(name) }).toSorted();
  const documents = filesOf('**/*.md');
  return [
    ...documents.flatMap((document) => faultsOfLinks(document, repository)),
    ...documents.flatMap((document) => faultsOfSnippets(document, repository)),
    ...filesOf('{packages/*/src,demo}/**/*.ts').flatMap((file) => faultsOfMentions(file, repository)),
    ...faultsOfNavigation(
      documents.filter((document) => document.startsWith('docs/')),
      navigation.flatMap(({ pages }) => pages),
    ),
  ];
}

function faultsOfLinks(document: string, repository: Repository): string[] {
  return readMarkdown(repository.read(document)).links.flatMap(({ href, line }) => {
    const fault = repository.faultOf(href, document);
    return fault === undefined ? [] : [`${document}:${line}: ${href}: ${fault}`];
  });
}

/** The tests run every snippet that begins with "```ts" at the start of a line: see test/documentation.test.ts. */
function faultsOfSnippets(document: string, repository: Repository): string[] {
  // Examples are run as what they are: packages.
  if (document.startsWith('examples/')) return [];
  return readMarkdown(repository.read(document))
    .snippets.filter(({ language, isIndented }) => isCode(language) && (language !== 'ts' || isIndented))
    .map(({ line }) => `${document}:${line}: no test runs this snippet: only those that begin with "\`\`\`ts" are run`);
}

const isCode = (language: string): boolean => /^(?:[cm]?[jt]sx?|javascript|typescript)\b/.test(language);

/** Code names pages, too: `doctor` prints where a user reads on, and so do hovers. */
function faultsOfMentions(file: string, repository: Repository): string[] {
  return repository
    .read(file)
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(/\bdocs\/[\w/.-]+\.md(?:#[\w-]+)?/g)].flatMap(([mention]) => {
        const fault = repository.faultOf(mention, 'README.md');
        return fault === undefined ? [] : [`${file}:${index + 1}: ${mention}: ${fault}`];
      }),
    );
}

function faultsOfNavigation(documents: readonly string[], pages: readonly string[]): string[] {
  const inNavigation = new Set(pages.map((page) => `docs/${page}.md`));
  const existing = new Set(documents);
  return [
    ...documents.filter((document) => !inNavigation.has(document)).map((path) => `${path}: is not in the navigation`),
    ...[...inNavigation]
      .filter((path) => !existing.has(path))
      .map((path) => `${path}: the navigation has it, the disk not`),
  ];
}
