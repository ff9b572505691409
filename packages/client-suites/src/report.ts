import type { Comparison } from './compare.ts';
import { expectedLosses } from './expected-losses.ts';
import type { Suite } from './suites.ts';

export interface Report extends Comparison {
  readonly suite: Suite;
  /** The suite and the version of the client. */
  readonly title: string;
  readonly files: readonly string[];
}

/** One row for each suite. */
export function tableOf(reports: readonly Report[]): string {
  const heads = ['client', 'files', 'pass plain', 'fail', 'pass attached', 'fail', 'expected losses', 'lost'];
  const rows = reports.map(({ title, files, plain, attached, expected, lost }) => [
    title,
    files.length,
    plain.passed.size,
    plain.failed.size,
    attached.passed.size,
    attached.failed.size,
    expected.length,
    lost.length,
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the numbers do not say. */
export function notesOf({ suite, title, plain, attached, expected, lost }: Report): string[] {
  return [
    ...suite.leftOut.map(({ files, reason }) => `${title}: left out ${files}: ${reason}`),
    ...plain.ended.map((file) => `${title}: plain, took too long: ${file}`),
    ...attached.ended.map((file) => `${title}: attached, took too long: ${file}`),
    ...expected.map((test) => `${title}: lost as expected: ${test}: ${reasonOf(suite, test)}`),
    ...lost.map((test) => `${title}: lost: ${test}`),
  ];
}

function reasonOf(suite: Suite, test: string): string {
  return expectedLosses.find((loss) => loss.suite === suite.name && loss.test === test)?.reason ?? '';
}
