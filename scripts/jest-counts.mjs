import { appendFileSync } from 'node:fs';

/** A jest reporter for `.ci/run`: adds `N passed, N failed` to the file that JEST_COUNTS names. */
export default class JestCounts {
  onRunComplete(_contexts, results) {
    // A suite that could not even start has run no test, and must still count as a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    appendFileSync(process.env.JEST_COUNTS, `${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
