/** The fields of a package.json, as a tarball has it, that a release depends on. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly [field: string]: unknown;
}

type Ranges = Readonly<Record<string, string>>;

/** What a tarball holds. */
export interface Content {
  readonly manifest: PublishedManifest;
  /** The paths of its files, from the folder of the package. */
  readonly files: readonly string[];
  readonly changelog: string;
}

const fields = ['description', 'keywords', 'homepage', 'bugs', 'license', 'author', 'engines'];
const documents = ['LICENSE', 'README.md', 'CHANGELOG.md'];
const groups = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** Says why a release must not be published as it is. All packages have the version of the first one. */
export function objectionsTo(contents: readonly Content[], repository: string): string[] {
  const version = contents[0]?.manifest.version;
  if (version === undefined) return ['There is no package'];
  return contents.flatMap((content) => {
    const { name } = content.manifest;
    return [...flawsOf(content, version, repository)].map((flaw) => `${name}: ${flaw}`);
  });
}

function* flawsOf({ manifest, files, changelog }: Content, version: string, repository: string): Generator<string> {
  const directory = manifest.name.replace('@tokenline/', 'packages/');
  for (const field of fields) if (manifest[field] === undefined) yield `package.json has no ${field}`;
  for (const file of documents) if (!files.includes(file)) yield `the tarball has no ${file}`;
  if (!files.some((file) => file.startsWith('dist/'))) yield 'the tarball has nothing that is built';
  if (manifest.version !== version)
    yield `its version is ${manifest.version}, not ${version}: see "fixed" in .changeset/config.json`;
  if (!changelog.includes(`\n## ${manifest.version}\n`)) yield `CHANGELOG.md does not tell of ${manifest.version}`;
  if (manifest.publishConfig?.access !== 'public') yield 'publishConfig.access is not "public"';
  if (manifest.publishConfig?.provenance !== true) yield 'publishConfig.provenance is not true';
  // npm refuses a provenance statement of another repository than the one that package.json names.
  if (manifest.repository?.url !== repository) yield `repository.url is not ${repository}`;
  if (manifest.repository?.directory !== directory) yield `repository.directory is not ${directory}`;
  for (const group of groups) {
    for (const [dependency, range] of Object.entries(manifest[group] ?? {})) {
      if (/^(workspace|catalog|link|file):/.test(range))
        yield `${group}.${dependency} is ${range}, which no registry has`;
    }
  }
  for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
    if (dependency.startsWith('@tokenline/') && range !== `^${version}`)
      yield `it depends on ${dependency} ${range}, not ^${version}`;
  }
}
