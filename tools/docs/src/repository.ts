import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readMarkdown } from './markdown.ts';

/** Where the repository is read. */
export const repositoryUrl = 'https://github.com/tokenline/tokenline';

const ownFile = new RegExp(`^${repositoryUrl}/(?:blob|tree)/([^/]+)/([^#?]*)`);

/** The files that links of documents lead to. */
export class Repository {
  readonly root: string;
  readonly #anchors = new Map<string, ReadonlySet<string>>();

  /** @param root - its folder on this machine. */
  constructor(root: string) {
    this.root = root;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  isFolder(path: string): boolean {
    return statSync(join(this.root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /**
   * What is wrong with a link, or `undefined`. Other sites are not asked: an address of theirs only has to be one.
   *
   * @param from - the document that it is in, by its path from the root.
   */
  faultOf(href: string, from: string): string | undefined {
    const target = this.targetOf(href, from);
    if (target === undefined) return faultOfAddress(href);
    const { path, anchor } = target;
    if (path.startsWith('..') || !existsSync(join(this.root, path))) return `there is no ${path}`;
    if (anchor === '' || /^L\d+(?:-L\d+)?$/.test(anchor)) return undefined;
    const document = this.isFolder(path) ? posix.join(path, 'README.md') : path;
    return this.#anchorsOf(document).has(anchor) ? undefined : `${document} has no #${anchor}`;
  }

  /** The file of the repository that a link leads to, or `undefined` if it leads elsewhere. */
  targetOf(href: string, from: string): { readonly path: string; readonly anchor: string } | undefined {
    const anchor = decodeURIComponent(/#(.*)$/s.exec(href)?.[1] ?? '');
    const [, branch, absolute] = ownFile.exec(href) ?? [];
    if (absolute !== undefined) return branch === 'main' ? { path: posix.join(absolute), anchor } : undefined;
    if (/^[a-z][a-z\d+.-]*:/i.test(href)) return undefined;
    const relative = decodeURIComponent(href.replace(/[#?].*$/s, ''));
    return { path: relative === '' ? from : posix.join(posix.dirname(from), relative), anchor };
  }

  #anchorsOf(path: string): ReadonlySet<string> {
    let anchors = this.#anchors.get(path);
    if (anchors === undefined) {
      const isDocument = path.endsWith('.md') && existsSync(join(this.root, path));
      anchors = isDocument ? readMarkdown(this.read(path)).anchors : new Set();
      this.#anchors.set(path, anchors);
    }
    return anchors;
  }
}

function faultOfAddress(href: string): string | undefined {
  if (href.startsWith(`${repositoryUrl}/blob/`) || href.startsWith(`${repositoryUrl}/tree/`)) {
    return 'links to this repository are to the branch main';
  }
  if (!URL.canParse(href)) return 'this is no URL';
  return /^(?:https|mailto):/.test(href) ? undefined : 'links use https';
}
