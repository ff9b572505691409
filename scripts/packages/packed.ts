import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

/** A package as npm would publish it. */
export interface Packed {
  readonly name: string;
  /** What users import, such as `@tokenline/core/adapter`. */
  readonly entries: readonly string[];
  /** What users run, such as `tokenline`. */
  readonly commands: readonly string[];
  /** Whether it is CommonJS as well as an ES module. */
  readonly isDual: boolean;
  readonly tarball: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly main?: string };
}

const manifestOf = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;

/** Packs every public package that has been built. */
export function pack(folder: string): Promise<Packed[]> {
  mkdirSync(folder);
  const built = new Set(globSync('packages/*/dist/*.js').map((file) => dirname(dirname(file))));
  const packages = [...built].filter((directory) => manifestOf(directory).private !== true);
  return Promise.all(
    packages.map(async (directory) => {
      const { name, version, exports = {}, bin = {}, publishConfig } = manifestOf(directory);
      await run(directory, 'pnpm', '--silent', 'pack', '--pack-destination', folder);
      return {
        name,
        entries: Object.keys(exports).map((path) => `${name}${path.slice(1)}`),
        commands: Object.keys(bin),
        isDual: publishConfig.main !== undefined,
        tarball: join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`),
      };
    }),
  );
}
