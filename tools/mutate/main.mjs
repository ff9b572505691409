import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { areas } from './areas.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: '2' } },
});
const names = positionals.length > 0 ? positionals : ['lifecycle'];
const unknown = names.find((name) => !Object.hasOwn(areas, name));
if (unknown !== undefined) {
  console.error(`There is no ${unknown} to mutate. There are: ${Object.keys(areas).join(', ')}`);
  process.exit(2);
}

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
for (const name of names) {
  const { mutate } = areas[name];
  process.env.MUTATED_AREA = name;
  await new Stryker({
    mutate,
    plugins: [import.meta.resolve('./runner.mjs')],
    testRunner: 'loaded',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: Number(values.concurrency),
    timeoutMS: 40_000,
    dryRunTimeoutMinutes: 20,
    tsconfigFile: 'none',
    reporters: ['clear-text', 'progress-append-only', 'html'],
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
    clearTextReporter: { logTests: false, allowColor: false },
    thresholds: { high: 95, low: 90, break: 90 },
    ignorePatterns: ['dist', 'reports', 'docs', '.snippets', 'packages/benchmarks', 'packages/conformance'],
  }).runMutationTest();
}
