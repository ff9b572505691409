import { expect, test } from '@jest/globals';
import { type Content, objectionsTo } from '../objections.ts';

const repository = 'git+https://github.com/tokenline/tokenline.git';

const core: Content = {
  manifest: {
    name: '@tokenline/core',
    version: '0.2.0',
    description: 'Tokens',
    keywords: ['oauth'],
    homepage: 'https://example.com/core',
    bugs: { url: 'https://example.com/issues' },
    license: 'MIT',
    author: 'tokenline contributors',
    repository: { url: repository, directory: 'packages/core' },
    publishConfig: { access: 'public', provenance: true },
    dependencies: { oauth4webapi: '^3.8.8' },
    engines: { node: '>=22.12' },
  },
  files: ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/index.js', 'package.json'],
  changelog: '# @tokenline/core\n\n## 0.2.0\n\n### Minor Changes\n\n- Tokens.\n',
};

const axios = alter({ name: '@tokenline/axios', repository: { url: repository, directory: 'packages/axios' } });

function alter(fields: object, content: Partial<Content> = {}): Content {
  return { ...core, ...content, manifest: { ...core.manifest, ...fields } };
}

test('a release without a flaw is not objected to', () => {
  const depending = { ...axios, manifest: { ...axios.manifest, dependencies: { '@tokenline/core': '^0.2.0' } } };
  expect(objectionsTo([core, depending], repository)).toEqual([]);
});

test('a release without packages is none', () => {
  expect(objectionsTo([], repository)).toEqual(['There is no package']);
});

test.each<[flaw: string, content: Content]>([
  ['package.json has no author', alter({ author: undefined })],
  ['package.json has no bugs', alter({ bugs: undefined })],
  ['the tarball has no LICENSE', alter({}, { files: core.files.filter((file) => file !== 'LICENSE') })],
  ['the tarball has no CHANGELOG.md', alter({}, { files: core.files.filter((file) => file !== 'CHANGELOG.md') })],
  [
    'the tarball has nothing that is built',
    alter({}, { files: core.files.filter((file) => !file.startsWith('dist/')) }),
  ],
  [
    'CHANGELOG.md does not tell of 0.2.0',
    alter({}, { changelog: '# @tokenline/core\n\n## 0.2.0-next.1\n\nTokens.\n' }),
  ],
  ['publishConfig.access is not "public"', alter({ publishConfig: { provenance: true } })],
  ['publishConfig.provenance is not true', alter({ publishConfig: { access: 'public' } })],
  [
    `repository.url is not ${repository}`,
    alter({ repository: { ...core.manifest.repository, url: 'https://example.com' } }),
  ],
  ['repository.directory is not packages/core', alter({ repository: { url: repository } })],
  ['dependencies.jose is catalog:, which no registry has', alter({ dependencies: { jose: 'catalog:' } })],
  [
    'peerDependencies.undici is workspace:^, which no registry has',
    alter({ peerDependencies: { undici: 'workspace:^' } }),
  ],
  ['it depends on @tokenline/fetch ^0.1.0, not ^0.2.0', alter({ dependencies: { '@tokenline/fetch': '^0.1.0' } })],
])('%s', (flaw, content) => {
  expect(objectionsTo([content], repository)).toEqual([`@tokenline/core: ${flaw}`]);
});

test('packages that are not in step are found', () => {
  const behind = { ...axios, manifest: { ...axios.manifest, version: '0.1.0' }, changelog: '\n## 0.1.0\n' };
  expect(objectionsTo([core, behind], repository)).toEqual([
    '@tokenline/axios: its version is 0.1.0, not 0.2.0: see "fixed" in .changeset/config.json',
  ]);
});
