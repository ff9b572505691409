import { globSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { transform } from '@swc/core';
import { dts } from './tools/types/dts.mjs';

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
const isDependency = (id) => !id.startsWith('.') && !isAbsolute(id);

// Finds the dependencies that are bundled.
const findDependencies = {
  name: 'find-dependencies',
  resolveId: (id, importer) => (importer && isDependency(id) ? createRequire(importer).resolve(id) : null),
};

// Whoever ships the code of others has to ship their license.
const keepLicenses = {
  name: 'keep-licenses',
  generateBundle() {
    const folders = [...this.getModuleIds()].map((id) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]);
    const texts = [...new Set(folders)].filter(Boolean).map((folder) => {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
      return `${name}\n\n${readFileSync(join(folder, license), 'utf8')}`;
    });
    if (texts.length > 0) this.emitFile({ type: 'asset', fileName: 'bundled-licenses.txt', source: texts.join('\n') });
  },
};

// What a package exports is what is built of it: `./src/x.ts` becomes `./dist/x.js` and `./dist/x.d.ts`, a command without
// types. All entries of a package are built together, so that they share one copy of every class.
export default globSync('packages/*/package.json').flatMap((manifest) => {
  const {
    private: isPrivate,
    exports = {},
    bin = {},
    peerDependencies = {},
    publishConfig,
  } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (isPrivate) return [];
  const folder = dirname(manifest);
  const inputOf = (paths) =>
    Object.fromEntries(Object.values(paths).map((path) => [parse(path).name, join(folder, path)]));
  const input = inputOf(exports);
  const dir = join(folder, 'dist');
  const isRequirable = publishConfig.main !== undefined;

  // Every file stays a file, so that a bundler leaves out the files of which nothing is used.
  const modules = { dir, preserveModules: true, preserveModulesRoot: join(folder, 'src'), sourcemap: true };

  // require() of an ES module works in Node, but not in Jest: dependencies that are nothing else are bundled.
  const isRequired = (id) => isBuiltin(id) || id.startsWith('@tokenline/') || Object.hasOwn(peerDependencies, id);
  const commonjs = {
    dir,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'shared.cjs',
    esModule: true,
    externalLiveBindings: false,
  };

  // TypeScript takes each kind of module to have types of its own, which see those types of the dependencies that fit.
  const extensions = isRequirable ? ['d.ts', 'd.cts'] : ['d.ts'];
  const types = extensions.map((extension) => ({
    dir,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `types.${extension}`,
  }));

  const builds = [
    { input: { ...input, ...inputOf(bin) }, external: isDependency, plugins: [stripTypes], output: modules },
  ];
  if (Object.keys(input).length > 0) builds.push({ input, external: isDependency, plugins: [dts()], output: types });
  if (isRequirable)
    builds.push({
      input,
      external: isRequired,
      plugins: [findDependencies, stripTypes, keepLicenses],
      output: commonjs,
    });
  return builds;
});
