import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether every public package was built after the last change of what it is built of. */
export function isBuilt(): boolean {
  return globSync('packages/*/package.json').every((manifest) => {
    const { private: isPrivate } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly private?: boolean };
    if (isPrivate === true) return true;
    const folder = dirname(manifest);
    return newest(`${folder}/dist/**`) > newest('rollup.config.mjs', manifest, `${folder}/src/**`);
  });
}

/** When the latest of these was written. */
function newest(...patterns: readonly string[]): number {
  return Math.max(...globSync(patterns).map((path) => statSync(path).mtimeMs));
}
