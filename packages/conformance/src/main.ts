// Runs the script in every runtime that can be had, or in those that the command line names, and prints the matrix.
import { join } from 'node:path';
import { start } from './child.ts';
import { type Column, hasFailed, matrixOf, summaryOf } from './matrix.ts';
import type { Runtime, Stage } from './runtimes/runtime.ts';
import { runtimes } from './runtimes/all.ts';
import { ask } from './script/world.ts';
import type { Report } from './servers/protocol.ts';
import { Unavailable } from './tools.ts';

/** No runtime is begun later than this many milliseconds after the start. */
const budget = 10 * 60_000;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; the runtimes are ${runtimes.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const servers = start(process.execPath, [join(import.meta.dirname, 'servers/main.ts')]);
const columns: Column[] = [];
try {
  const control = await servers.firstLine();
  const stage: Stage = {
    control,
    report: async (runtime) => (await ask('GET', `${control}/reports/${runtime}`)) as Report,
    serve: async (pages) => void (await ask('POST', `${control}/pages`, pages)),
  };
  for (const runtime of runtimes) {
    if (asked.length > 0 && !asked.includes(runtime.name)) continue;
    const begun = performance.now();
    const late = begun > budget && 'ten minutes were over';
    const { name, leftOut } = runtime;
    const column = late ? { name, leftOut, unavailable: late, results: [] } : await columnOf(runtime, stage);
    columns.push(column);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const { version, unavailable, results }: Column = column;
    const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
    const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('left out')} left out`;
    console.log(`${runtime.name} ${version ?? ''}: ${unavailable ?? counts} (${seconds} s)`);
  }
} finally {
  await servers.stop();
}
console.log(`\n${matrixOf(columns)}\n\n${summaryOf(columns)}`);
process.exitCode = columns.some(hasFailed) ? 1 : 0;

async function columnOf(runtime: Runtime, stage: Stage): Promise<Column> {
  const { name, leftOut } = runtime;
  try {
    const { version, results = [] } = await runtime.run(stage);
    const reported = await stage.report(name);
    return { name, version, leftOut, results: [...reported.results, ...results] };
  } catch (error) {
    if (error instanceof Unavailable) return { name, leftOut, unavailable: error.message, results: [] };
    const { results } = await stage.report(name);
    const reason = String(error).replaceAll(/\s+/g, ' ').slice(0, 500);
    return {
      name,
      leftOut,
      version: '',
      results: [...results, { about: 'core', name: 'the runtime runs', outcome: 'failed', reason }],
    };
  }
}
