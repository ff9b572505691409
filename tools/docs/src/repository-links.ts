import type { MarkdownRenderer } from 'vitepress';
import { navigation } from './navigation.ts';
import { root } from './places.ts';
import { Repository, repositoryUrl } from './repository.ts';
import { fileOf } from './sidebar.ts';

const repository = new Repository(root);

/** Links of the documents fit the repository. On the site, those that leave the documentation lead to where the repository is read. */
export function repositoryLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue;
      token.attrSet('href', hrefOnSite(token.attrGet('href') ?? '', env.relativePath));
    }
  });
}

function hrefOnSite(href: string, file: string): string {
  const isRelative = !/^[a-z]+:/.test(href);
  if (isRelative && (file.startsWith('api/') || href.startsWith('#'))) return href;
  const first = navigation[0]?.pages[0];
  const target = repository.targetOf(href, `docs/${file === 'index.md' ? `${first}.md` : file}`);
  if (target === undefined) return href;
  const { path, anchor } = target;
  const end = anchor === '' ? '' : `#${anchor}`;
  const [, page] = /^docs\/(.*)\.md$/.exec(path) ?? [];
  if (page !== undefined) return `/${fileOf(page)}${end}`;
  return `${repositoryUrl}/${repository.isFolder(path) ? 'tree' : 'blob'}/main/${path}${end}`;
}
