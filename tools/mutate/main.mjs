import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { areas } from './areas.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // `--only replay.ts` and `--only replay.ts:40-60` mutate a part of the area.
  options: { concurrency: { type: 'string', default: '2' }, only: { type: 'string', multiple: true, default: [''] } },
});
const names = positionals.length > 0 ? positionals : ['lifecycle'];
const unknown = names.find((name) => !Object.hasOwn(areas, name));
if (unknown !== undefined) {
  console.error(`There is no ${unknown} to mutate. There are: ${Object.keys(areas).join(', ')}`);
  process.exit(2);
}

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
for (const name of names) {
  const files = areas[name].mutate.flatMap((pattern) => globSync(pattern));
  const mutate = values.only.flatMap((only) => {
    const [file, ...lines] = only.split(':');
    return files.filter((path) => !file || basename(path) === file).map((path) => [path, ...lines].join(':'));
  });
  process.env.MUTATED_AREA = name;
  await new Stryker({
    mutate,
    plugins: ['./runner.mjs', './reporter.mjs'].map((plugin) => import.meta.resolve(plugin)),
    testRunner: 'loaded',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: Number(values.concurrency),
    // For loops that give nobody a turn. The tests themselves tell what hangs from what is slow.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 20,
    tsconfigFile: 'none',
    reporters: ['clear-text', 'unnoticed', 'progress-append-only', 'html'],
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
    clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
    thresholds: { high: 95, low: 90, break: 90 },
    ignorePatterns: ['dist', 'reports', 'docs', '.snippets', 'packages/benchmarks', 'packages/conformance'],
  }).runMutationTest();
}
