import { globSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
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

// What a package exports is what is built of it: `./src/x.ts` becomes `./dist/x.js` and `./dist/x.d.ts`.
export default globSync('packages/*/package.json').flatMap((manifest) => {
  const { private: isPrivate, exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (isPrivate) return [];
  return Object.values(exports).flatMap((source) => {
    const input = join(dirname(manifest), source);
    const output = input.replace('/src/', '/dist/').replace(/\.ts$/, '');
    return [
      { input, external, plugins: [stripTypes], output: { file: `${output}.js`, sourcemap: true } },
      { input, external, plugins: [dts()], output: { file: `${output}.d.ts` } },
    ];
  });
});
