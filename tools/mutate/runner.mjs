import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import { areas } from './areas.mjs';

/** In the copy that is mutated: one process has run all tests, and tells the others how long each of them takes. */
const times = 'times.json';

/** The tests, once Jest has loaded them. */
export const opened = Promise.withResolvers();

/** Has Jest load the tests once for all mutants. To load them takes longer than most mutants live. */
class LoadedTests {
  #session;
  /** How many mutants each test has noticed. Those that notice most run first, then those of small files. */
  #noticed = new Map();
  /** Whether a mutant has left something behind, so that tests fail without it. */
  #broken = false;

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const area = areas[process.env.MUTATED_AREA];
    const done = runCLI(
      {
        config: 'jest.config.ts',
        runInBand: true,
        watchman: false,
        reporters: [],
        testMatch: ['<rootDir>/tools/mutate/every.test.mjs'],
        testEnvironment: fileURLToPath(import.meta.resolve('./environment.mjs')),
        globals: JSON.stringify({ tests: area.tests }),
        // A package knows itself by its name, which would lead out of the copy that is mutated.
        moduleNameMapper: JSON.stringify({
          [`^@tokenline/${area.package}$`]: `<rootDir>/packages/${area.package}/src/index.ts`,
        }),
      },
      [process.cwd()],
    ).then(({ results }) => {
      throw new Error(results.testResults[0]?.failureMessage ?? 'Jest has found no test');
    });
    this.#session = await Promise.race([opened.promise, done]);
  }

  async dispose() {
    await this.#session?.end();
  }

  async dryRun() {
    const tests = [];
    for (const id of this.#session.names) {
      const begun = performance.now();
      // Once more where the machine was too busy.
      const failure = (await this.#session.run(id)) && (await this.#session.run(id));
      const timeSpentMs = performance.now() - begun;
      const outcome = failure ? { status: 1, failureMessage: textOf(failure) } : { status: 0 };
      tests.push({ id, name: id, timeSpentMs, ...outcome });
    }
    writeFileSync(times, JSON.stringify([...this.#session.spent]));
    return { status: 'complete', tests, mutantCoverage: this.#session.coverage };
  }

  /** Not at the start: processes begin before one of them knows. */
  #learn() {
    if (this.#session.spent.size === 0) this.#session.spent = new Map(JSON.parse(readFileSync(times, 'utf8')));
  }

  async mutantRun({ activeMutant: { id: mutant }, testFilter: names = this.#session.names, hitLimit }) {
    this.#learn();
    // Stryker then asks another process.
    if (this.#broken) throw new Error('the tests have to be loaded again');
    const noticed = (name) => this.#noticed.get(name) ?? 0;
    const companyOf = (name) => this.#session.companyOf(name);
    const sorted = names.toSorted((a, b) => noticed(b) - noticed(a) || companyOf(a) - companyOf(b));
    for (const [index, name] of sorted.entries()) {
      const failure = await this.#session.run(name, { mutant, hitLimit });
      if (!failure) continue;
      // What is left of the first run may still fail in the next one.
      const fails = (await this.#session.run(name)) && (await this.#session.run(name));
      if (failure.endless) {
        this.#broken = fails !== undefined;
        return { status: 'timeout', reason: textOf(failure) };
      }
      // A test that fails without the mutant, too, has noticed something else.
      if (fails) continue;
      this.#noticed.set(name, noticed(name) + 1);
      return { status: 'killed', killedBy: [name], failureMessage: textOf(failure), nrOfTests: index + 1 };
    }
    return { status: 'survived', nrOfTests: names.length };
  }
}

function textOf({ error }) {
  return String(error?.message ?? error);
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'loaded', injectableClass: LoadedTests }];
