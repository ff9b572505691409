import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Application, Comment, type DeclarationReflection } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';
import ts from 'typescript';
import { pages, root } from './places.ts';
import { repositoryUrl } from './repository.ts';

/** Writes the API pages, from the hovers of the public packages. */
export async function writeApiPages(): Promise<void> {
  const entries = entryPoints();
  const app = await Application.bootstrapWithPlugins(
    {
      plugin: ['typedoc-plugin-markdown'],
      entryPoints: [...entries.keys()],
      excludeExternals: true,
      excludeInternal: true,
      excludePrivate: true,
      disableGit: true,
      sourceLinkTemplate: `${repositoryUrl}/blob/main/{path}`,
      readme: 'none',
      jsDocCompatibility: { defaultTag: false },
      // The types of this project are checked elsewhere, by another version of TypeScript.
      skipErrorChecking: true,
      validation: { invalidLink: true, invalidPath: true, rewrittenLink: true, notExported: false },
      outputs: [{ name: 'markdown', path: join(pages, 'api') }],
      ...format,
    },
    [],
  );
  app.options.setCompilerOptions([...entries.keys()], compilerOptions(), undefined);

  app.renderer.on(MarkdownPageEvent.END, (page: MarkdownPageEvent) => {
    const contents = noise.reduce((rest, each) => rest.replaceAll(each, ''), page.contents ?? '');
    page.contents = frontmatterOf(page) + contents.replace(/^## References\n.*/ms, ofCore);
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the API pages could not be made');
  for (const module of project.children ?? []) {
    const { name, description } = entries.get(fileOf(module) ?? '')!;
    module.name = name;
    module.comment ??= new Comment([{ kind: 'text', text: description }]);
  }
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the hovers have the faults above');
}

const format = {
  entryFileName: 'index',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  indexFormat: 'table',
  pageTitleTemplates: { index: 'API', member: '{name}', module: '{name}' },
  sanitizeComments: true,
  useCodeBlocks: true,
};

/** Where a member is defined is behind a link of its page, and what it is inherited from is often private. */
const noise = [
  /^Defined in: .*\n*/gm,
  /^#+ (?:Inherited from|Overrides|Implementation of)\n\n.*\n*/gm,
  /^#+ Extends\n\n(?:- `[^[`]+`\n)+\n*/gm,
];

/** What an adapter says in place of the names that it hands on. */
const ofCore = 'Everything that [@tokenline/core](../core/index.md) exports is exported here, too.\n';

/** The entry points of the public packages, by their files. What is exported twice is told where it stands first: in core. */
function entryPoints(): Map<string, EntryPoint> {
  const entries = globSync('packages/*/package.json', { cwd: root }).flatMap((file) => {
    const { name, private: isPrivate, description, exports = {} } = readManifest(file);
    if (isPrivate) return [];
    return Object.entries(exports).map(
      ([path, source]) => [join(root, dirname(file), source), { name: name + path.slice(1), description }] as const,
    );
  });
  const isCore = ([, { name }]: (typeof entries)[number]): boolean => name.startsWith('@tokenline/core');
  return new Map([...entries.filter(isCore), ...entries.filter((entry) => !isCore(entry))]);
}

interface EntryPoint {
  /** What users import. */
  readonly name: string;
  /** What the package is, for an entry point whose file does not say what it is. */
  readonly description: string;
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly description: string;
  readonly exports?: Readonly<Record<string, string>>;
}

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** Tells the site which file a page comes from. */
function frontmatterOf({ model }: MarkdownPageEvent): string {
  const file = fileOf(model as DeclarationReflection);
  return file === undefined ? '' : `---\nsource: ${relative(root, file)}\n---\n\n`;
}

function fileOf(reflection: DeclarationReflection): string | undefined {
  const [source] = reflection.sources ?? reflection.signatures?.[0]?.sources ?? [];
  return source?.fullFileName;
}
