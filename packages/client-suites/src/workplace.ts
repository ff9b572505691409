import { existsSync, rmSync } from 'node:fs';
import { cp, glob, mkdtemp, readFile, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/** A copy of a checkout in a temporary folder, so that tests leave nothing in the user's. Its dependencies are shared. */
export class Workplace implements Disposable {
  readonly folder: string;
  readonly version: string;
  readonly #remove = (): void => rmSync(this.folder, { recursive: true, force: true });

  private constructor(folder: string, version: string) {
    this.folder = folder;
    this.version = version;
    process.once('exit', this.#remove);
  }

  static async copy(checkout: string): Promise<Workplace> {
    const from = resolve(checkout);
    for (const name of ['package.json', 'node_modules']) {
      if (!existsSync(join(from, name))) throw new Error(`${from} has no ${name}: run npm install in a checkout`);
    }
    const { version } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as { readonly version: string };
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'tokenline-suite-')));
    const filter = (file: string): boolean => !['node_modules', '.git'].includes(basename(file)) || file === from;
    await cp(from, folder, { recursive: true, filter, verbatimSymlinks: true });
    await symlink(join(from, 'node_modules'), join(folder, 'node_modules'));
    return new Workplace(folder, version);
  }

  /** The files that match, without those that are left out. */
  async find(files: readonly string[], leftOut: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const file of glob([...files], { cwd: this.folder, exclude: [...leftOut] })) found.push(file);
    return found.toSorted();
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
