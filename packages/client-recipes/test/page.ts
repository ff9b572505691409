import { mkdir, rm, writeFile } from 'node:fs/promises';
import { snippetsOf } from '../../../test/snippets.ts';

const folder = new URL('.snippets/', import.meta.url);

/** A page of the docs whose recipes are modules, which may import each other. */
export class Page {
  readonly #name: string;
  /** The code of each recipe, by its heading. */
  readonly recipes: ReadonlyMap<string, string>;
  #written = 0;

  constructor(name: string) {
    this.#name = name;
    this.recipes = new Map(snippetsOf(`docs/${name}.md`).map(({ heading, code }) => [heading, code]));
  }

  /**
   * Writes recipes to a new folder, and gives it.
   *
   * @param files - the heading of each recipe, by the name of its file, and what follows it there.
   * @param changes - what the recipes say in another way: each key is replaced by its value.
   */
  async write(
    files: Readonly<Record<string, readonly [heading: string, ending?: string]>>,
    changes: Readonly<Record<string, string>>,
  ): Promise<URL> {
    const target = new URL(`${this.#name}/${++this.#written}/`, folder);
    await mkdir(target, { recursive: true });
    const codes = Object.entries(files).map(([file, [heading, ending = '']]): [string, string] => {
      const code = this.recipes.get(heading);
      if (code === undefined) throw new Error(`no recipe "${heading}"`);
      return [file, `${code}\n${ending}\n`];
    });
    const missing = Object.keys(changes).find((text) => !codes.some(([, code]) => code.includes(text)));
    if (missing !== undefined) throw new Error(`no recipe has "${missing}"`);
    for (const [file, code] of codes) {
      const text = Object.entries(changes).reduce((rest, [from, to]) => rest.replaceAll(from, () => to), code);
      await writeFile(new URL(file, target), text);
    }
    return target;
  }

  async remove(): Promise<void> {
    await rm(new URL(`${this.#name}/`, folder), { recursive: true, force: true });
  }
}
