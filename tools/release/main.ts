// Publishes every package in the version that its package.json says. With --dry-run, a copy of the repository takes the next
// version, and everything is done but the upload.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rehearse, release } from './release.ts';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tokenline-release-'));
process.chdir(root);
try {
  await (values['dry-run'] ? rehearse(folder) : release(folder));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  process.chdir(root);
  rmSync(folder, { recursive: true });
}
