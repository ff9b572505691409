import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pack } from '../../scripts/packages/packed.ts';
import { install } from '../../scripts/packages/run.ts';
import { Program } from './program.ts';

const examples = join(import.meta.dirname, '..');

interface Manifest {
  readonly scripts: { readonly build?: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The names of all examples. */
export const names: readonly string[] = globSync('*/package.json', { cwd: examples }).map(dirname).toSorted();

/**
 * Copies examples as a reader does, each below `folder`, installs what they depend on (our packages as npm would publish them),
 * and builds those that have to be built.
 */
export async function installExamples(folder: string, wanted: readonly string[]): Promise<void> {
  const packages = await pack(join(folder, 'tarballs'));
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  for (const name of wanted) {
    const own = join(folder, name);
    // What the workspace and the framework have made there is not what a reader gets.
    const filter = (path: string): boolean =>
      !/^\/(node_modules|dist|\.)/.test(path.slice(join(examples, name).length));
    cpSync(join(examples, name), own, { recursive: true, filter });
    const { scripts } = publish(join(own, 'package.json'), tarballs);
    await install(own);
    if (scripts.build !== undefined) await build(own);
  }
}

/** Writes the tarballs in the place of the packages of the workspace, and gives what else is in the file. */
function publish(file: string, tarballs: Readonly<Record<string, string>>): Manifest {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const published = (wanted: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, tarballs[name] ?? range]));
  const { dependencies, devDependencies = {} } = manifest;
  const own = { dependencies: published(dependencies), devDependencies: published(devDependencies) };
  // Our packages depend on each other, too.
  writeFileSync(file, JSON.stringify({ ...manifest, ...own, overrides: tarballs }));
  return manifest;
}

async function build(folder: string): Promise<void> {
  const program = new Program(folder, {}, { script: 'build' });
  const { status } = await program.ended;
  if (status !== 0) throw new Error(`${folder} could not be built:\n${program.output}`);
}
