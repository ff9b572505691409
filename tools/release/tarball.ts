import { run } from '../../scripts/packages/run.ts';
import type { Content, PublishedManifest } from './objections.ts';

/** Reads a packed package. */
export async function contentOf(tarball: string): Promise<Content> {
  const list = await run('.', 'tar', '-tzf', tarball);
  const files = list
    .trimEnd()
    .split('\n')
    .map((path) => path.replace('package/', ''));
  const read = (file: string): Promise<string> => run('.', 'tar', '-xzOf', tarball, `package/${file}`);
  return {
    manifest: JSON.parse(await read('package.json')) as PublishedManifest,
    files,
    changelog: files.includes('CHANGELOG.md') ? await read('CHANGELOG.md') : '',
  };
}
