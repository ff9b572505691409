import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';

/** Bytes of a package and its dependencies, as a bundler would ship them. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

/** What the user brings along. */
const clients = ['axios', 'got', 'ky', 'undici'];

/** Bundles and minifies all that these packages export, without the HTTP client that they work with. */
export function sizeOf(packages: readonly string[], without: readonly string[] = []): Promise<Size> {
  return bundle({ entryPoints: [...packages] }, without);
}

/** Bundles and minifies these exports, named by package, and what they use. */
export function sizeOfImports(imports: Readonly<Record<string, readonly string[]>>): Promise<Size> {
  const lines = Object.entries(imports).flatMap(([name, exported], index) =>
    exported.map((each) => `export { ${each} as ${each}${index} } from '${name}';`),
  );
  return bundle({ stdin: { contents: lines.join('\n'), resolveDir: import.meta.dirname } });
}

async function bundle(
  entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>,
  without: readonly string[] = [],
): Promise<Size> {
  const { outputFiles } = await build({
    ...entry,
    absWorkingDir: import.meta.dirname,
    outdir: 'nothing is written',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    // Entries of one package share their files.
    splitting: true,
    platform: 'node',
    target: 'node22',
    external: [...clients, ...without],
    logLevel: 'error',
  });
  return {
    minified: sum(outputFiles.map(({ contents }) => contents.byteLength)),
    gzipped: sum(outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).byteLength)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
