import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from './packed.ts';
import { install, run } from './run.ts';

const consumers = join(import.meta.dirname, 'consumers/testing');
const needed = /core|axios|fetch|testing/;

/** The commands by which users run their tests. */
const runners: Readonly<Record<string, readonly string[]>> = {
  'Jest 29': ['node_modules/jest-29/bin/jest.js', 'jest.test.js'],
  'Jest 30': ['node_modules/jest-30/bin/jest.js', 'jest.test.js'],
  Vitest: ['node_modules/vitest/vitest.mjs', 'run', 'vitest.test.mjs'],
  Mocha: ['node_modules/mocha/bin/mocha.js', 'mocha.test.mjs'],
  'node:test': ['--test', 'node.test.mjs', 'node.test.cjs'],
};

/** Runs the tests of users of `@tokenline/testing`, each with its test runner. */
export async function checkTesting(folder: string, packages: readonly Packed[]): Promise<void> {
  const own = join(folder, 'testing');
  mkdirSync(own);
  const jest = ['29', '30'].map((version) => `jest-${version}@npm:jest@${version}`);
  const tarballs = packages.filter(({ name }) => needed.test(name)).map(({ tarball }) => tarball);
  await install(own, ...jest, 'vitest', 'mocha', 'sinon', 'msw', 'axios', ...tarballs);
  cpSync(consumers, own, { recursive: true });
  for (const [name, command] of Object.entries(runners)) {
    await run(own, 'node', ...command);
    console.log(`${name} runs tests with @tokenline/testing`);
  }
}
