import { readFileSync } from 'node:fs';

/**
 * The version of a library as a package has it installed, for those that do not tell it themselves.
 *
 * @param file - the `import.meta.url` of a file in a folder of that package
 */
export function installedVersion(library: string, file: string): string {
  const manifest = new URL(`../node_modules/${library}/package.json`, file);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
