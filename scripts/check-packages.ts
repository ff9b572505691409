// Checks what npm would publish: packs every built package, lints the tarballs, and uses them as users do. What users have
// is installed in a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkExports } from './packages/exports.ts';
import { checkJest } from './packages/jest.ts';
import { checkNode } from './packages/node.ts';
import { pack } from './packages/packed.ts';
import { checkTesting } from './packages/testing.ts';
import { checkTypes } from './packages/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokenline-'));
try {
  const packages = await pack(join(folder, 'tarballs'));
  const installed = join(folder, 'node');
  const checks = [
    checkExports(packages),
    checkNode(installed, packages).then(() => checkTypes(folder, installed, packages)),
    checkJest(folder, packages),
    checkTesting(folder, packages),
  ];
  // Every check ends before the folder goes.
  for (const result of await Promise.allSettled(checks)) {
    if (result.status === 'fulfilled') continue;
    console.error(result.reason instanceof Error ? result.reason.message : result.reason);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
