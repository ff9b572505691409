import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../../..');
const packages = ['core', 'axios', 'got', 'ky', 'fetch', 'undici'];

/**
 * A folder in which everything is installed as npm would: tokenline compiled to one file a package, the others as they are.
 * In the workspace tokenline is run from its sources, and loading it would include compiling it.
 */
export class Installed implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tokenline-installed-'));

  static async create(): Promise<Installed> {
    const installed = new Installed();
    const modules = join(installed.folder, 'node_modules');
    mkdirSync(join(modules, '@tokenline'), { recursive: true });
    for (const from of ['packages/core/node_modules', 'packages/benchmarks/node_modules']) {
      linkAll(join(root, from), modules);
    }
    for (const name of packages) {
      const folder = join(modules, '@tokenline', name);
      await build({
        entryPoints: [join(root, 'packages', name, 'src/index.ts')],
        outfile: join(folder, 'index.js'),
        bundle: true,
        packages: 'external',
        format: 'esm',
        platform: 'node',
        target: 'node22',
      });
      writeFileSync(join(folder, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
    }
    return installed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true });
  }
}

/** Links what is installed in one folder into another, scope by scope, but for tokenline itself. */
function linkAll(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name === '@tokenline' || name.startsWith('.')) continue;
    if (name.startsWith('@')) {
      mkdirSync(join(to, name), { recursive: true });
      linkAll(join(from, name), join(to, name));
    } else {
      symlinkSync(join(from, name), join(to, name));
    }
  }
}
