import { globSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
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

export default globSync('packages/*/src/index.ts').flatMap((input) => {
  const folder = dirname(dirname(input));
  if (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).private) return [];
  return [
    { input, external, plugins: [stripTypes], output: { file: `${folder}/dist/index.js`, sourcemap: true } },
    { input, external, plugins: [dts()], output: { file: `${folder}/dist/index.d.ts` } },
  ];
});
