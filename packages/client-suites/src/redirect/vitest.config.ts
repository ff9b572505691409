// vitest resolves imports by itself, past the hooks of Node.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { attachedFor, entryFor, readRedirection } from './redirection.ts';

interface Resolver {
  resolve(specifier: string, importer: string, options: { skipSelf: true }): Promise<{ id: string } | null>;
}

const redirection = readRedirection();

async function resolveId(this: Resolver, specifier: string, path: string | undefined): Promise<string | undefined> {
  if (redirection === undefined || path === undefined) return undefined;
  const importer = pathToFileURL(path).href;
  const entry = entryFor(redirection, specifier, importer);
  if (entry !== undefined) return fileURLToPath(entry);
  const resolved = await this.resolve(specifier, path, { skipSelf: true });
  const attached = resolved ? attachedFor(redirection, pathToFileURL(resolved.id).href, importer) : undefined;
  return attached === undefined ? undefined : fileURLToPath(attached);
}

const config: object = {
  plugins: [{ name: 'tokenline', enforce: 'pre', resolveId }],
  test: { testTimeout: 30_000 },
};

export default config;
