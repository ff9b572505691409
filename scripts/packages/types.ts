import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Packed } from './packed.ts';
import { install, outputOf } from './run.ts';

const consumers = join(import.meta.dirname, 'consumers/types');
const compilers = ['5.9', '6', '7'];
// The oldest, one whose types for CommonJS and for ES modules fit each other, and the newest: there they do not.
const versionsOfAxios = ['1.7.0', '1.13.2', '1'];

/** The settings of a project, and the files that it can have. */
const projects = [
  { name: 'nodenext', settings: ['--module', 'nodenext'], extensions: ['.ts', '.mts'] },
  { name: 'node16', settings: ['--module', 'node16'], extensions: ['.ts', '.mts'] },
  { name: 'bundler', settings: ['--module', 'esnext', '--moduleResolution', 'bundler'], extensions: ['.ts'] },
  { name: 'node10', settings: ['--module', 'commonjs', '--moduleResolution', 'node10'], extensions: ['.ts'] },
];

// There is no DOM library, and the types of the packages are checked as well: all that they name has to be there.
const settings = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--esModuleInterop', '--pretty', 'false'];
const libraries = ['--target', 'es2022', '--lib', 'es2023', '--types', 'node'];

/** Compiles what users write. `installed` has all packages, and is below `folder`. */
export async function checkTypes(folder: string, installed: string, packages: readonly Packed[]): Promise<void> {
  const files = ['fleet.ts', 'modules.mts'].map((name) => copyOf(name, join(installed, name)));
  for (const version of versionsOfAxios) files.push(...(await installAxios(folder, version, packages)));
  await install(folder, '@types/node@22', ...compilers.map((each) => `typescript-${each}@npm:typescript@${each}`));
  for (const version of compilers) {
    for (const { name, settings: own, extensions } of projects) {
      // TypeScript 6 deprecates it, and TypeScript 7 does not have it.
      if (name === 'node10' && version === '7') continue;
      const deprecated = name === 'node10' && version === '6' ? ['--ignoreDeprecations', '6.0'] : [];
      const compiled = files.filter((file) => extensions.includes(extname(file)));
      const tsc = join(folder, `node_modules/typescript-${version}/bin/tsc`);
      const all = [...settings, ...libraries, ...own, ...deprecated, ...compiled];
      const { text } = await outputOf(folder, 'node', tsc, ...all);
      const errors = text.split('\n').filter(isOurs);
      if (errors.length > 0) throw new Error(`TypeScript ${version}, ${name}:\n${errors.join('\n')}`);
      console.log(`TypeScript ${version} compiles what users write: ${name}`);
    }
  }
}

/** Installs axios beside its adapter, with what a user writes as CommonJS and as an ES module. */
async function installAxios(folder: string, version: string, packages: readonly Packed[]): Promise<string[]> {
  const own = join(folder, `axios-${version}`);
  mkdirSync(own);
  const needed = packages.filter(({ name }) => ['@tokenline/axios', '@tokenline/core'].includes(name));
  await install(own, `axios@${version}`, ...needed.map(({ tarball }) => tarball));
  // TypeScript takes two folders for one where name and version are the same, whatever axios is beside them.
  for (const { name } of needed) {
    const manifest = join(own, 'node_modules', name, 'package.json');
    const fields = JSON.parse(readFileSync(manifest, 'utf8')) as object;
    writeFileSync(manifest, JSON.stringify({ ...fields, version: `0.0.0-with-axios-${version}` }));
  }
  return ['.ts', '.mts'].map((extension) => copyOf('orders.ts', join(own, `orders${extension}`)));
}

function copyOf(consumer: string, file: string): string {
  copyFileSync(join(consumers, consumer), file);
  return file;
}

/** Whether a line tells an error. Those in the types of other packages are none of ours. */
function isOurs(line: string): boolean {
  const [, file = ''] = /^(.*?)\(\d+,\d+\): error TS/.exec(line) ?? [];
  if (file.includes('node_modules/')) return file.includes('node_modules/@tokenline/');
  return line.includes('error TS');
}
