import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Builds all packages, unless that was done after the last change of what they are built of. */
export function build(): void {
  if (!isBuilt()) execFileSync('pnpm', ['build'], { stdio: 'inherit' });
}

function isBuilt(): boolean {
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
