import { parseArgs } from 'node:util';
import { faults } from './faults.ts';
import { type Overrides, runSeed } from './seed.ts';
import { describe, summarise } from './summary.ts';
import { printTable } from './table.ts';

const usage = `npx -y pnpm@12 simulate --seed N        one run, with its timeline
npx -y pnpm@12 simulate --seeds FROM-TO many runs: which of them break a rule
npx -y pnpm@12 simulate --table         ten thousand processes, as docs/fleets.md
                                        has them

The seed says everything. These change what it says:
  --processes N   how many processes there are; each makes a call a minute,
                  and a token lasts an hour
  --hours N       how long the run takes
  --faults LIST   what goes wrong, such as "silent,crash"; "none" for nothing
  --without-store every process acquires by itself
  --quiet         only what it came to
  --rows TEXT     only the rows of the table whose title has that text

What can go wrong: ${Object.keys(faults).join(', ')}`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    table: { type: 'boolean' },
    rows: { type: 'string' },
    processes: { type: 'string' },
    hours: { type: 'string' },
    faults: { type: 'string' },
    'without-store': { type: 'boolean' },
    quiet: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const overrides: Overrides = {
  ...(values.processes !== undefined && {
    processes: number('processes', values.processes),
    gap: 60_000,
    lifetime: 3_600_000,
  }),
  ...(values.hours !== undefined && { duration: number('hours', values.hours) * 3_600_000 }),
  ...(values.faults !== undefined && { faults: namesIn(values.faults) }),
  ...(values['without-store'] && { shared: false }),
};

if (values.table) await printTable(values.rows ?? '', number('processes', values.processes ?? '10000'), console.log);
else if (values.seeds !== undefined) await runSeeds(values.seeds);
else if (values.seed !== undefined) await replay(number('seed', values.seed));
else console.log(usage);

async function replay(seed: number): Promise<void> {
  const began = performance.now();
  const fleet = await runSeed(seed, overrides);
  console.log(`seed ${seed}: ${describe(fleet)}\n`);
  if (!values.quiet) console.log(`${fleet.world.timeline.print()}\n`);
  console.log(summarise(fleet));
  console.log(`it took ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  if (fleet.watch.violations.length > 0) process.exitCode = 1;
}

async function runSeeds(range: string): Promise<void> {
  const [from = '', to = from] = range.split('-');
  for (let seed = number('seeds', from); seed <= number('seeds', to); seed++) {
    const { violations } = (await runSeed(seed, overrides)).watch;
    if (violations.length === 0) continue;
    console.log(`seed ${seed}: ${violations[0]}${violations.length > 1 ? `, and ${violations.length - 1} more` : ''}`);
    process.exitCode = 1;
  }
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0)) fail(`--${name} must be a number`);
  return value;
}

function namesIn(list: string): string[] {
  const names = list === 'none' ? [] : list.split(',');
  const unknown = names.find((name) => !Object.hasOwn(faults, name));
  if (unknown !== undefined) fail(`there is no fault "${unknown}"`);
  return names;
}

function fail(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}
