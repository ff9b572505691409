import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transform } from '@swc/core';
import { rollup } from 'rollup';

/** Where bundles are written: beside the package's own dependencies, so that runtimes with a `node_modules` find them. */
const folder = join(import.meta.dirname, '../dist');

/** What a bundle is for. */
export interface Bundle {
  /** The name of a file in `script/entries`. */
  readonly entry: string;
  /** Whether the runtime itself finds the HTTP clients in `node_modules`; otherwise the bundle holds them. */
  readonly hasModules: boolean;
  /** A module, or a script for runtimes that have none. @defaultValue `'es'` */
  readonly format?: 'es' | 'iife';
}

/** Bundles an entry of the script with the sources of all packages, and gives the path of its file. */
export async function bundle({ entry, hasModules, format = 'es' }: Bundle): Promise<string> {
  const clients = ['axios', 'got', 'ky', 'undici', 'cloudflare:workers'];
  const build = await rollup({
    input: join(import.meta.dirname, 'script/entries', `${entry}.ts`),
    external: (id) => id.startsWith('node:') || id.startsWith('cloudflare:') || (hasModules && clients.includes(id)),
    plugins: [
      nodeResolve({ browser: !hasModules, exportConditions: hasModules ? ['node'] : ['browser'] }),
      {
        name: 'strip-types',
        transform: (code, filename) =>
          filename.endsWith('.ts')
            ? transform(code, {
                filename,
                jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: { verbatimModuleSyntax: true } },
              })
            : null,
      },
    ],
    onLog(level, log, handle) {
      // axios imports itself in a circle.
      if (log.code !== 'CIRCULAR_DEPENDENCY') handle(level, log);
    },
  });
  const extension = format === 'es' ? 'mjs' : 'js';
  const names = { entryFileNames: `[name].${extension}`, chunkFileNames: `${entry}-[name].${extension}` };
  // A client that a runtime cannot load must not keep the others from being loaded.
  const parts = { dir: folder, ...names, inlineDynamicImports: !hasModules };
  await build.write({ ...parts, format });
  await build.close();
  return join(folder, `${entry}.${extension}`);
}
