import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vitepress';
import { writeApiPages } from './api.ts';
import { pages, root, site } from './places.ts';

/** Builds the site from the documentation and from the hovers of the code. */
export async function buildSite(): Promise<void> {
  await Promise.all([pages, site].map((folder) => rm(folder, { recursive: true, force: true })));
  await cp(join(root, 'docs'), pages, { recursive: true });
  await rename(join(pages, 'start.md'), join(pages, 'index.md'));
  await writeApiPages();
  await build(join(import.meta.dirname, '..'));
}
