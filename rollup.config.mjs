import { globSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { transform } from '@swc/core';
import { dts } from 'rollup-plugin-dts';

const stripTypes = {
  name: 'strip-types',
  transform: (code, filename) =>
    filename.endsWith('.ts')
      ? transform(code, {
          filename,
          sourceMaps: true,
          jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: { verbatimModuleSyntax: true } },
        })
      : null,
};

// Whatever is not the package's own source is a dependency: its users install it beside the package.
const external = (id) => !id.startsWith('.') && !isAbsolute(id);

// What a package exports is what is built of it: `./src/x.ts` becomes `./dist/x.js` and `./dist/x.d.ts`. All entries of a
// package are built together, so that they share one copy of every class; and every file stays a file, so that a bundler
// leaves out the files of which nothing is used.
export default globSync('packages/*/package.json').flatMap((manifest) => {
  const { private: isPrivate, exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (isPrivate) return [];
  const folder = dirname(manifest);
  const input = Object.fromEntries(Object.values(exports).map((path) => [parse(path).name, join(folder, path)]));
  const dir = join(folder, 'dist');
  const modules = { dir, preserveModules: true, preserveModulesRoot: join(folder, 'src'), sourcemap: true };
  return [
    { input, external, plugins: [stripTypes], output: modules },
    { input, external, plugins: [dts()], output: { dir, entryFileNames: '[name].d.ts', chunkFileNames: 'types.d.ts' } },
  ];
});
