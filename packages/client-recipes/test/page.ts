import { mkdir, rm, writeFile } from 'node:fs/promises';
import { snippetsOf } from '../../../test/snippets.ts';

const folder = new URL('.snippets/', import.meta.url);

/** A page of the docs whose recipes are modules, which import each other. */
export class Page {
  readonly #name: string;
  readonly #recipes: ReadonlyMap<string, string>;
  #written = 0;

  /** @param name - its path below `docs/`, without the extension. */
  constructor(name: string) {
    this.#name = name;
    this.#recipes = new Map(snippetsOf(`docs/${name}.md`).map(({ heading, code }) => [heading, code]));
  }

  /** The headings of its recipes. */
  get headings(): string[] {
    return [...this.#recipes.keys()];
  }

  /** The code of a recipe. */
  recipe(heading: string): string {
    const code = this.#recipes.get(heading);
    if (code === undefined) throw new Error(`no recipe "${heading}"`);
    return code;
  }

  /**
   * Writes modules to a new folder, and gives it.
   *
   * @param modules - their code, by the names of their files.
   * @param changes - what they say in another way: each key is replaced by its value.
   */
  async write(modules: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>> = {}): Promise<URL> {
    const codes = Object.values(modules);
    const missing = Object.keys(changes).find((text) => !codes.some((code) => code.includes(text)));
    if (missing !== undefined) throw new Error(`no module has "${missing}"`);
    const target = new URL(`${this.#name}/${++this.#written}/`, folder);
    await mkdir(target, { recursive: true });
    for (const [file, code] of Object.entries(modules)) {
      const text = Object.entries(changes).reduce((rest, [from, to]) => rest.replaceAll(from, () => to), code);
      await writeFile(new URL(file, target), text);
    }
    return target;
  }

  async remove(): Promise<void> {
    await rm(new URL(`${this.#name}/`, folder), { recursive: true, force: true });
  }
}
