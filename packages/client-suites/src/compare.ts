import { isExpected } from './expected-losses.ts';
import { type Job, runSuite, type SuiteOutcome } from './run-suite.ts';

/** What attaching the adapter makes of the tests of a client. */
export interface Comparison {
  readonly plain: SuiteOutcome;
  /** Of the first run: a test that passes when its file runs again counts as failed here, but is not lost. */
  readonly attached: SuiteOutcome;
  /** Tests that pass in the plain run and fail whenever the adapter is attached. */
  readonly lost: readonly string[];
  readonly expected: readonly string[];
}

// Some tests fail now and then by themselves.
const attempts = 3;

/** Runs a suite without and with the adapter. */
export async function compare(job: Omit<Job, 'attached'>, announce: (what: string) => void): Promise<Comparison> {
  const run = async (attached: boolean, files: readonly string[]): Promise<SuiteOutcome> => {
    const outcome = await runSuite({ ...job, files, attached });
    const counts = `${outcome.passed.size} pass, ${outcome.failed.size} fail`;
    announce(`${attached ? 'attached' : 'plain'}, ${files.length} files: ${counts}`);
    return outcome;
  };
  const plain = await run(false, job.files);
  const attached = await run(true, job.files);
  const gone = [...plain.passed].filter((test) => !attached.passed.has(test));
  const expected = gone.filter((test) => isExpected(job.suite.name, test));
  let lost = gone.filter((test) => !expected.includes(test));
  for (let attempt = 1; attempt < attempts && lost.length > 0; attempt++) {
    const { passed } = await run(
      true,
      job.files.filter((file) => lost.some((test) => test.startsWith(`${file} › `))),
    );
    lost = lost.filter((test) => !passed.has(test));
  }
  return { plain, attached, lost, expected };
}
