import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contender } from '../contender.ts';
import { type Spread, shuffle, spreadOf } from '../statistics.ts';
import { Installed } from './installed.ts';

const run = promisify(execFile);

/** The packages of the clients themselves; the other two come with the contender that brings them. */
const clients: Readonly<Partial<Record<string, string>>> = { axios: 'axios', got: 'got', ky: 'ky', undici: 'undici' };

/** Run in a process of its own: what the user has loaded anyway comes first, and is not counted. */
const script = `
  const [client, ...packages] = process.argv.slice(1);
  if (client !== '') await import(client);
  const start = performance.now();
  for (const name of packages) await import(name);
  console.log(performance.now() - start);
`;

/** Milliseconds that it takes to load a contender in a fresh process that has loaded its HTTP client. */
export async function measureImportTime(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<Contender, Spread>> {
  await using installed = await Installed.create();
  const times = new Map<Contender, number[]>();
  for (const contender of contenders) {
    if (Object.keys(contender.imports).length > 0) times.set(contender, []);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [{ client, imports }, values] of shuffle([...times])) {
      const parameters = [
        '--input-type=module',
        '--eval',
        script,
        '--',
        clients[client] ?? '',
        ...Object.keys(imports),
      ];
      const { stdout } = await run(process.execPath, parameters, { cwd: installed.folder });
      values.push(Number(stdout));
    }
  }
  return new Map([...times].map(([contender, values]) => [contender, spreadOf(values)]));
}
