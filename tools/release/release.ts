import { execFileSync } from 'node:child_process';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from '../../scripts/packages/built.ts';
import { pack, type Packed } from '../../scripts/packages/packed.ts';
import { run } from '../../scripts/packages/run.ts';
import { objectionsTo } from './objections.ts';
import { contentOf } from './tarball.ts';

/** Publishes the versions that the package.json files have. `folder` is a temporary one. */
export async function release(folder: string): Promise<void> {
  // npm trusts a provenance statement that a workflow has signed with its own identity.
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined)
    throw new Error(
      'A release runs in the workflow "Release", which can prove where it comes from. Here, add --dry-run.',
    );
  const workflow = `git+https://github.com/${process.env.GITHUB_REPOSITORY}.git`;
  if (workflow !== repository())
    throw new Error(`The workflow runs in ${workflow}, package.json names ${repository()}`);
  if (pending().length > 0) throw new Error(`These changesets have no version yet: ${pending().join(', ')}`);
  build();
  await packAndCheck(join(folder, 'tarballs'));
  execFileSync('changeset', ['publish'], { stdio: 'inherit' });
}

/** Does in a copy of the repository all that a release does, up to the upload. `folder` is a temporary one. */
export async function rehearse(folder: string): Promise<void> {
  build();
  const copy = join(folder, 'repository');
  cpSync('.', copy, { recursive: true, filter: (path) => !['.git', 'node_modules'].includes(basename(path)) });
  process.chdir(copy);
  if (pending().length > 0) console.log(await run('.', 'changeset', 'version'));
  for (const { tarball } of await packAndCheck(join(folder, 'tarballs'))) {
    await run('.', 'pnpm', 'publish', tarball, '--dry-run', '--no-git-checks');
    console.log(`${basename(tarball)} can be published`);
  }
}

/** The changesets that no version has taken yet. */
function pending(): string[] {
  return globSync('.changeset/*.md').filter((file) => basename(file) !== 'README.md');
}

function repository(): string {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly repository: { readonly url: string };
  };
  return manifest.repository.url;
}

async function packAndCheck(folder: string): Promise<Packed[]> {
  const packages = await pack(folder);
  const contents = await Promise.all(packages.map(({ tarball }) => contentOf(tarball)));
  const objections = objectionsTo(contents, repository());
  // pnpm does not look into publishConfig for it.
  const provenance = await run('.', 'pnpm', 'config', 'get', 'provenance');
  if (provenance.trim() !== 'true') objections.push('provenance is not true in pnpm-workspace.yaml');
  if (objections.length > 0) throw new Error(objections.join('\n'));
  return packages;
}
