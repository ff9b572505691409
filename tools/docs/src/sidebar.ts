import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { readMarkdown } from './markdown.ts';
import { navigation } from './navigation.ts';

/** The navigation beside the documentation. */
export function guideSidebar(pages: string): DefaultTheme.SidebarItem[] {
  return navigation.map(({ title, pages: names, isClosed }) => ({
    ...(title !== undefined && { text: title }),
    ...(isClosed && { collapsed: true }),
    items: names.map((name) => {
      const file = fileOf(name);
      return { text: readMarkdown(readFileSync(join(pages, file), 'utf8')).title, link: `/${file}` };
    }),
  }));
}

/** The file of a page among those that the site is built from. */
export function fileOf(page: string): string {
  return page === navigation[0]?.pages[0] ? 'index.md' : `${page}.md`;
}

/** The navigation beside the API pages, by where they are: all packages, and the contents of one. */
export function apiSidebars(pages: string): DefaultTheme.SidebarMulti {
  const cwd = join(pages, 'api');
  const namesIn = (pattern: string): string[] => globSync(pattern, { cwd }).toSorted();
  const names = namesIn('@tokenline/**/index.md').map(dirname).toSorted();
  const packages = names.map((name) => ({
    folder: `/api/${name}/`,
    link: { text: name, link: `/api/${name}/index.md` },
    items: Object.entries(titles)
      .map(([kind, text]) => ({ text, items: namesIn(`${name}/${kind}/*.md`).map(itemOf) }))
      .filter(({ items }) => items.length > 0),
  }));
  const sidebarOf = (opened: string): DefaultTheme.SidebarItem[] =>
    packages.map(({ folder, link, items }) => (folder === opened ? { ...link, items } : link));
  return Object.fromEntries(['/api/', ...packages.map(({ folder }) => folder)].map((at) => [at, sidebarOf(at)]));
}

const titles: Readonly<Record<string, string>> = {
  functions: 'Functions',
  classes: 'Classes',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
  variables: 'Variables',
};

const itemOf = (file: string): DefaultTheme.SidebarItem => ({ text: basename(file, '.md'), link: `/api/${file}` });
