import { readFileSync } from 'node:fs';

/** The version of a package as it is installed, for those that do not tell it themselves. */
export function versionOf(name: string): string {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
