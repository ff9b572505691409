import { outputOf, run } from './run.ts';
import type { Packed } from './packed.ts';

/** Lints the tarballs: whether every tool finds the code and the types that are meant for it. */
export async function checkExports(packages: readonly Packed[]): Promise<void> {
  for (const { name, entries, isDual, tarball } of packages) {
    await run('.', 'publint', 'run', tarball, '--strict');
    // Nobody imports a command.
    if (entries.length === 0) continue;
    // got and ky are ES modules only, and so are their adapters.
    const profile = isDual ? 'strict' : 'esm-only';
    const format = ['--no-summary', '--format', 'ascii'];
    const { failed, text } = await outputOf('.', 'attw', tarball, '--profile', profile, ...format);
    if (failed) throw new Error(text);
    console.log(`${name}: ${isDual ? 'CommonJS and ES modules' : 'ES modules'} are found, with their types`);
  }
}
