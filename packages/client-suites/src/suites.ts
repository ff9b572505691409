import { ava, mocha, nodeTest, type Runner, vitest } from './runner.ts';

/** The tests of a client, and how its users' adapter gets into them. */
export interface Suite {
  readonly name: string;
  /** The name of its package. */
  readonly client: string;
  readonly runner: Runner;
  /** Preloaded by Node in every process. */
  readonly preload?: string;
  /** The file that tests import the client from, then others that export the same. */
  readonly entries: readonly string[];
  readonly tests: string;
  /** How many files run at the same time: one where their servers share a port. */
  readonly width: number;
  /** Globs. A checkout that has none of them is of another generation, which may have a suite of its own. */
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** The module in `attach`. */
  readonly attached: string;
}

/** Test files that are not run. */
export interface LeftOut {
  readonly files: string;
  readonly reason: string;
}

const sindresorhus = { runner: ava, width: 2, entries: ['source/index.ts'], tests: 'test', files: ['test/*.ts'] };
const undici = {
  client: 'undici',
  runner: nodeTest,
  width: 2,
  entries: ['index.js'],
  tests: 'test',
  files: ['test/interceptors/*.js', 'test/node-test/*.js', 'test/*.js'],
};

export const suites: readonly Suite[] = [
  {
    ...sindresorhus,
    name: 'ky',
    client: 'ky',
    leftOut: [{ files: 'test/{browser,with-page}.ts', reason: 'need a browser' }],
    attached: 'ky.ts',
  },
  {
    ...sindresorhus,
    name: 'got',
    client: 'got',
    preload: 'tsx/esm',
    leftOut: [{ files: 'test/*.types.ts', reason: 'are for the type checker' }],
    attached: 'got.ts',
  },
  {
    name: 'axios',
    client: 'axios',
    runner: mocha,
    width: 1,
    entries: ['index.js', 'lib/axios.js'],
    tests: 'test',
    files: ['test/unit/**/*.js'],
    leftOut: [],
    attached: 'axios.ts',
  },
  {
    name: 'axios',
    client: 'axios',
    runner: vitest,
    width: 1,
    entries: ['index.js', 'lib/axios.js'],
    tests: 'tests',
    files: ['tests/unit/**/*.test.js'],
    leftOut: [],
    attached: 'axios.ts',
  },
  {
    name: 'node-fetch',
    client: 'node-fetch',
    runner: mocha,
    width: 1,
    entries: ['src/index.js'],
    tests: 'test',
    files: ['test/*.js'],
    leftOut: [],
    attached: 'node-fetch.ts',
  },
  { ...undici, name: 'undici', leftOut: [], attached: 'undici.ts' },
  { ...undici, name: 'undici-own', leftOut: [], attached: 'undici-own.ts' },
];
