import { access, glob, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runToEnd } from './child.ts';

/** Where the runtimes are installed: none of them is needed to use, test or show the packages. */
const folder = join(import.meta.dirname, '../../../node_modules/.cache/conformance');
const minutes = 60_000;

/** Why a runtime cannot be had on this machine. */
export class Unavailable extends Error {}

/**
 * Installs packages of npm, unless they are there already, and gives the folder that has their `node_modules`.
 *
 * @param packages - exact versions by name.
 * @throws Unavailable
 */
export async function install(name: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const versions = Object.values(packages).map((version) => version.replaceAll(/[^\w.-]/g, '-'));
  const home = join(folder, [name, ...versions].join('-'));
  const mark = join(home, 'installed');
  if (await exists(mark)) return home;
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  try {
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    await runToEnd('npm', ['install', ...quietly], 4 * minutes, { cwd: home });
  } catch (error) {
    throw new Unavailable(`npm cannot install it: ${reasonOf(error)}`);
  }
  await writeFile(mark, '');
  return home;
}

/** The first file that matches a pattern. @throws Unavailable where the package has none for this machine. */
export async function find(home: string, pattern: string): Promise<string> {
  for await (const file of glob(pattern, { cwd: home })) return join(home, file);
  throw new Unavailable(`there is no build for ${process.platform} on ${process.arch}`);
}

/** A program that is on the path, or that Debian has a package of. @throws Unavailable */
export async function findProgram(name: string, ...otherNames: readonly string[]): Promise<string> {
  const names = [name, ...otherNames];
  const found = await onPath(names);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || (await onPath(['apt-get'])) === undefined)
    throw new Unavailable(`${name} is not installed`);
  try {
    await runToEnd('apt-get', ['update'], 2 * minutes);
    const quietly = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await runToEnd('apt-get', ['install', '-y', '--no-install-recommends', name], 4 * minutes, quietly);
  } catch (error) {
    throw new Unavailable(`apt-get cannot install ${name}: ${reasonOf(error)}`);
  }
  const installed = await onPath(names);
  if (installed === undefined) throw new Unavailable(`${name} is not on the path`);
  return installed;
}

async function onPath(names: readonly string[]): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(directory, name);
      if (await exists(file)) return file;
    }
  }
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(-200);
}
