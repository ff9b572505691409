/** What a Markdown document is checked for. Lines count from 1. */
export interface Markdown {
  /** Its first heading. */
  readonly title: string;
  /** The ends of links to its parts, such as `where-a-token-goes`. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  readonly snippets: readonly Snippet[];
}

export interface Link {
  readonly line: number;
  readonly href: string;
}

export interface Snippet {
  readonly line: number;
  readonly language: string;
  /** Whether it stands in a list or a quotation. */
  readonly isIndented: boolean;
}

/** The anchor that GitHub gives a heading. The site gives it the same. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .trim()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

const fence = /^( *(?:> ?)*)(`{3,}|~{3,})([^\n`]*)\n(?:.*?\n)??\1\2[`~]* *$/gms;
const comment = /<!--.*?-->/gs;
const codeSpan = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs;
const heading = /^ {0,3}#{1,6} +(.+?)(?: +#+)? *$/gm;
const hrefs = [
  /\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^ {0,3}\[[^\]]+\]: +<?([^\s>]+)>?/gm,
  /<(https?:[^\s>]+)>/g,
  /<[a-z][^>]* (?:href|src)="([^"]*)"/gi,
];

/** Text of the same length and lines that says nothing. */
const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

export function readMarkdown(text: string): Markdown {
  const snippets: Snippet[] = [];
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const prose = text
    .replaceAll(fence, (block: string, indent: string, _mark: string, language: string, index: number) => {
      snippets.push({ line: lineAt(index), language: language.trim(), isIndented: indent !== '' });
      return blank(block);
    })
    .replaceAll(comment, blank);
  const unquoted = prose.replaceAll(codeSpan, blank);

  const titles = [...prose.matchAll(heading)].map(([, title = '']) => textOf(title));
  const anchors = new Set([...unquoted.matchAll(/<[a-z][^>]* (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const title of titles) anchors.add(unusedOf(slugOf(title), anchors));

  const links = hrefs
    .flatMap((pattern) => [...unquoted.matchAll(pattern)])
    .map(({ 1: href = '', index }) => ({ line: lineAt(index), href }))
    .toSorted((one, other) => one.line - other.line);
  return { title: titles[0] ?? '', anchors, links, snippets };
}

/** A heading as it is read: without the signs of code and links. */
function textOf(title: string): string {
  return title.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

function unusedOf(slug: string, anchors: ReadonlySet<string>): string {
  let unused = slug;
  for (let count = 1; anchors.has(unused); count++) unused = `${slug}-${count}`;
  return unused;
}
