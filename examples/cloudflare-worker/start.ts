// Runs the worker on this machine, in the runtime of Cloudflare. `wrangler dev` does the same, and more.
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const { API_URL = '', ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', PORT = '3000' } = process.env;

await build({
  entryPoints: ['src/worker.ts'],
  outfile: 'dist/worker.mjs',
  bundle: true,
  format: 'esm',
  external: ['cloudflare:*'],
});
const worker = new Miniflare({
  modules: true,
  scriptPath: 'dist/worker.mjs',
  compatibilityDate: '2026-07-01',
  bindings: { API_URL, ISSUER, CLIENT_ID, CLIENT_SECRET },
  port: Number(PORT),
  // Otherwise it asks a host of Cloudflare where this machine is.
  cf: false,
});
console.log((await worker.ready).origin);
