// Preloaded into every process of a suite.
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { attachedFor, entryFor, readRedirection } from './redirection.ts';

const redirection = readRedirection();
if (redirection !== undefined) {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const importer = context.parentURL ?? '';
      const entry = entryFor(redirection, specifier, importer);
      if (entry !== undefined) return nextResolve(entry, context);
      const resolved = nextResolve(specifier, context);
      const attached = attachedFor(redirection, resolved.url, importer);
      if (attached === undefined) return resolved;
      // `require` knows no URLs.
      const required = context.conditions?.includes('require') ?? false;
      return nextResolve(required ? fileURLToPath(attached) : attached, context);
    },
  });
}
