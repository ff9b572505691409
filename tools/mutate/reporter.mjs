import { relative } from 'node:path';

/** Prints each mutant that no test notices as soon as that is known, and each that hangs. */
class Unnoticed {
  onMutantTested({ status, fileName, location: { start }, mutatorName, replacement }) {
    if (status === 'Killed' || status === 'Ignored') return;
    const place = `${relative(process.cwd(), fileName)}:${start.line}:${start.column}`;
    console.log(`${status} ${place} ${mutatorName}: ${replacement}`);
  }
}

export const strykerPlugins = [{ kind: 'Reporter', name: 'unnoticed', injectableClass: Unnoticed }];
