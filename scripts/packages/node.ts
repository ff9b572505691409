import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from './packed.ts';
import { install, run } from './run.ts';

const consumers = join(import.meta.dirname, 'consumers/node');

/** Installs everything together, and uses it by `import` and by `require()`. */
export async function checkNode(folder: string, packages: readonly Packed[]): Promise<void> {
  mkdirSync(folder);
  await install(folder, 'redis', ...packages.map(({ tarball }) => tarball));
  cpSync(consumers, folder, { recursive: true });
  // Somebody else's dependency brings a copy of its own.
  const core = 'node_modules/@tokenline/core';
  cpSync(join(folder, core), join(folder, 'other', core), { recursive: true });
  const dual = packages.filter(({ isDual }) => isDual).flatMap(({ entries }) => entries);
  const single = packages.filter(({ isDual }) => !isDual).flatMap(({ entries }) => entries);
  console.log(await run(folder, 'node', 'entries.cjs', dual.join(), single.join()));
  console.log(await run(folder, 'node', 'copies.cjs'));
  for (const command of packages.flatMap(({ commands }) => commands)) {
    await run(folder, join(folder, 'node_modules/.bin', command), '--help');
    console.log(`${command} runs`);
  }
}
