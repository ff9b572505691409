import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';

export const root: URL = new URL('../', import.meta.url);

/** A ts snippet of a document. */
export interface Snippet {
  /** The document, by its path from the root. */
  readonly document: string;
  /** The heading that it stands under. */
  readonly heading: string;
  readonly code: string;
}

/** The ts snippets of a document, in their order. */
export function snippetsOf(document: string): Snippet[] {
  const text = readFileSync(new URL(document, root), 'utf8');
  let heading = '';
  return [...text.matchAll(/^#+ ([^\n]+)$|^```ts\n(.*?)^```$/gms)].flatMap(([, title, code]) => {
    heading = title ?? heading;
    return code === undefined ? [] : [{ document, heading, code }];
  });
}

/** The same snippet as a CommonJS module, which has neither `import` nor an `await` outside of functions. */
export function asCommonJs(snippet: Snippet): Snippet {
  const required = snippet.code.replaceAll(/^import (.+) from ('.+');$/gm, 'const $1 = require($2);');
  return { ...snippet, code: `void (async () => {\n${required}})();\n` };
}

/** A machine that is busy with other work needs longer for a token than users wait. */
const patient = {
  'clientSecret: process': 'timeout: 120_000, clientSecret: process',
  'AbortSignal.timeout(2_000)': 'AbortSignal.timeout(120_000)',
};

/** Where snippets are written before they run: below the root, so that imports in them resolve as they do for the workspace, or for a package. */
export class SnippetFolder {
  readonly url: URL;
  #written = 0;

  /** @param below - the folder whose imports the snippets get. */
  constructor(name: string, below = 'test') {
    this.url = new URL(`${below}/.snippets/${name}/`, root);
  }

  /** Writes a snippet to a file of its own, with each key of `changes` replaced by its value, and gives the path. */
  async write(
    { heading, code }: Omit<Snippet, 'document'>,
    changes: Readonly<Record<string, string>> = {},
    extension = 'ts',
  ): Promise<string> {
    const file = new URL(`${++this.#written}.${extension}`, this.url);
    await mkdir(this.url, { recursive: true });
    const text = Object.entries({ ...patient, ...changes }).reduce(
      (rest, [from, to]) => rest.replaceAll(from, () => to),
      code,
    );
    await writeFile(file, `// ${heading}\n${text}`);
    return file.pathname;
  }

  async remove(): Promise<void> {
    await rm(this.url, { recursive: true, force: true });
  }
}
