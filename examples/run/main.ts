// Runs an example beside servers of its own, and tells what they see: `npx -y pnpm@12 example express-axios`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installExamples, names } from './install.ts';
import { Program } from './program.ts';
import type { Service, World } from './world.ts';
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
  const tellNews = newsOf(world);
  const show = (text: string): void => {
    tellNews();
    process.stdout.write(text);
  };
  const { PORT = '3000' } = process.env;
  await using program = new Program(join(folder, name), { PORT, ...world.env }, { show });
  // Ctrl+C is for the program, whose end is awaited.
  process.on('SIGINT', () => {});
  const { visit = askForOrders } = world;
  // A job ends without it.
  const url = await program.wrote(/http:\S+/).catch(() => undefined);
  if (url !== undefined) {
    const call = async (path: string): Promise<void> => {
      const response = await fetch(`${url}${path}`);
      show(`  caller: GET ${path}: ${response.status} ${await response.text()}\n`);
    };
    await visit({ url, program, call });
    // Without a terminal, nobody else would end it.
    if (process.stdin.isTTY) show('Ctrl+C ends it.\n');
    else await program.stop();
  }
  const { status, signal } = await program.ended;
  show(`${name} has ended: ${status ?? signal}\n`);
  // A service has ended because it was told to.
  if (url === undefined) process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function askForOrders({ call }: Service): Promise<void> {
  for (const id of [1, 2, 3]) await call(`/orders/${id}`);
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
