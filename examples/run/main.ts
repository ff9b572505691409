// Runs an example beside servers of its own, and tells what they see: `npx -y pnpm@12 example express-axios`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installExamples, names } from './install.ts';
import { Program } from './program.ts';
import type { World } from './world.ts';
import { worldOf } from './worlds.ts';

const [name = ''] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`Name one of these: ${names.join(', ')}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'tokenline-example-'));
try {
  await installExamples(folder, [name]);
  await using world = await worldOf(name);
  const program = new Program(join(folder, name), world.env, { show: (text) => process.stdout.write(text) });
  // Ctrl+C reaches both: the program ends first.
  process.on('SIGINT', () => {});
  const tell = newsOf(world);
  const watch = setInterval(tell, 100);
  const { status, signal } = await program.ended;
  clearInterval(watch);
  tell();
  console.log(`${name} has ended: ${status ?? signal}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Tells what the servers have answered since it was last called. */
function newsOf({ identity, apis }: World): () => void {
  const told = new Set<object>();
  const newOf = <Seen extends { readonly status: number | undefined }>(seen: readonly Seen[]): Seen[] =>
    seen.filter((each) => each.status !== undefined && !told.has(each) && told.add(each));
  return () => {
    for (const { clientId, clientAuthentication, status } of newOf(identity.tokenRequests))
      console.log(`  identity server: a token request of ${clientId} by ${clientAuthentication}: ${status}`);
    for (const { origin, requests } of apis)
      for (const { method, path, headers, status } of newOf(requests))
        console.log(`  API ${origin}: ${method} ${path} with ${headers.authorization ?? 'no token'}: ${status}`);
  };
}
