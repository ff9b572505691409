import { readFileSync } from 'node:fs';
import { root, snippetsOf } from '../../../test/snippets.ts';

/** Which code of a page: what one has, what one will have, and what has both. */
export type Side = 'Before' | 'After' | 'Step by step';

/** A page that leads away from a package. */
export class MigrationPage {
  /** What happens before and after, by the case that a row of the table begins with. */
  readonly rows: ReadonlyMap<string, { readonly Before: string; readonly After: string }>;
  /** The packages whose behaviour the table describes. */
  readonly versions: readonly { readonly dependency: string; readonly version: string }[];
  readonly #document: string;

  /** @param name - that of its file in docs/migration, without the extension. */
  constructor(name: string) {
    this.#document = `docs/migration/${name}.md`;
    const text = readFileSync(new URL(this.#document, root), 'utf8');
    const [, title = '', table = ''] = /^\| when \| (.+) \| tokenline \|\n\|[-|]+\|\n((?:\|.+\n)+)/m.exec(text) ?? [];
    this.versions = [...title.matchAll(/([^\s,]+) (\d+\.\d+\.\d+)/g)].map(([, dependency = '', version = '']) => ({
      dependency,
      version,
    }));
    this.rows = new Map(
      table
        .trim()
        .split('\n')
        .map((line) => line.split('|').map((cell) => cell.trim()))
        .map(([, when = '', Before = '', After = '']) => [when, { Before, After }]),
    );
  }

  code(side: Side): string {
    const code = snippetsOf(this.#document).find(({ heading }) => heading === side)?.code;
    if (code === undefined) throw new Error(`${this.#document} has no code under "${side}"`);
    return code;
  }
}
