import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Repository } from './repository.ts';

const tag = /<[a-z][^>]*>/g;
const idAttribute = / id="([^"]+)"/;
const linkAttribute = / (?:href|src)="([^"]*)"/;

/** What is wrong with the links of the built site: those of the pages, and those that the generator adds. */
export function faultsOfBuilt(site: string, base: string, repository: Repository): string[] {
  const pages = new Map(globSync('**/*.html', { cwd: site }).map((file) => [file, readPage(join(site, file))]));
  const faultOf = (href: string, page: string): string | undefined => {
    if (/^(?:https?|mailto):/.test(href)) return repository.faultOf(href, 'README.md');
    if (href.startsWith('data:')) return undefined;
    const { pathname, hash } = new URL(href, `https://example.com${base}${page}`);
    const path = decodeURIComponent(pathname);
    if (!path.startsWith(base)) return 'leaves the site';
    const file = path.endsWith('/') ? `${path}index.html` : path;
    const target = posix.relative(base, file);
    if (!existsSync(join(site, target))) return `there is no ${target}`;
    const id = decodeURIComponent(hash.slice(1));
    return id === '' || pages.get(target)?.ids.has(id) ? undefined : `${target} has no #${id}`;
  };
  return [...pages].flatMap(([page, { hrefs }]) =>
    [...hrefs].flatMap((href) => {
      const fault = faultOf(href, page);
      return fault === undefined ? [] : [`${page}: ${href}: ${fault}`];
    }),
  );
}

interface Page {
  readonly ids: ReadonlySet<string>;
  readonly hrefs: ReadonlySet<string>;
}

function readPage(file: string): Page {
  const tags = readFileSync(file, 'utf8').match(tag) ?? [];
  const all = (attribute: RegExp): Set<string> =>
    new Set(
      tags.map((each) => attribute.exec(each)?.[1]?.replaceAll('&amp;', '&')).filter((value) => value !== undefined),
    );
  return { ids: all(idAttribute), hrefs: all(linkAttribute) };
}
