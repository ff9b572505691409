import type { Result } from './servers/protocol.ts';

/** What became of one runtime. */
export interface Column {
  readonly name: string;
  readonly version?: string;
  /** Why all of it was left out. */
  readonly unavailable?: string;
  readonly results: readonly Result[];
  /** What it leaves out, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

const clients = ['axios', 'ky', 'got', 'undici'];
const marks = { passed: 'ok', failed: 'FAILED', 'left out': '-' };

/** A table with a line for each case and a column for each runtime, and below it the reasons. */
export function matrixOf(columns: readonly Column[]): string {
  const present = columns.filter(({ unavailable }) => unavailable === undefined);
  const cases = new Map<string, Map<Column, Result>>();
  for (const column of present) {
    for (const result of column.results) {
      const line = cases.get(titleOf(result)) ?? new Map<Column, Result>();
      cases.set(titleOf(result), line.set(column, result));
    }
  }
  const width = Math.max(...[...cases.keys()].map(({ length }) => length));
  const cell = (text: string, column: Column): string => text.padStart(Math.max(column.name.length, 6) + 2);
  const lines = [...cases].map(([title, line]) => {
    const cells = present.map((column) => cell(marks[line.get(column)?.outcome ?? 'left out'], column));
    return title.padEnd(width) + cells.join('');
  });
  const head = ' '.repeat(width) + present.map((column) => cell(column.name, column)).join('');
  return [head, ...lines, '', ...reasonsOf(columns)].join('\n');
}

/** How many cases passed, of those that were run; for each package in each runtime. */
export function summaryOf(columns: readonly Column[]): string {
  const abouts = [...new Set(columns.flatMap(({ results }) => results.map(({ about }) => about)))];
  const present = columns.filter(({ unavailable }) => unavailable === undefined);
  return [
    rowOf(['runtime', ...abouts]),
    rowOf(['---', ...abouts.map(() => '---')]),
    ...present.map((column) => {
      const cells = abouts.map((about) => {
        const run = column.results.filter((result) => result.about === about && result.outcome !== 'left out');
        const passed = run.filter(({ outcome }) => outcome === 'passed').length;
        return run.length === 0 ? '' : `${passed} of ${run.length}`;
      });
      return rowOf([`${column.name} (${column.version})`, ...cells]);
    }),
  ].join('\n');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function hasFailed({ results }: Column): boolean {
  return results.some(({ outcome }) => outcome === 'failed');
}

function reasonsOf(columns: readonly Column[]): string[] {
  return columns.flatMap(({ name, unavailable, results, leftOut }) => {
    if (unavailable !== undefined) return [`${name}: left out: ${unavailable}`];
    const told = results.filter(({ outcome }) => outcome !== 'passed');
    // One line for all cases that are left out for the same reason.
    const groups = new Map<string, string[]>();
    for (const result of told) {
      // Each world has ports of its own.
      const reason = `${result.outcome}: ${result.reason ?? ''}`.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1');
      groups.set(reason, [...(groups.get(reason) ?? []), titleOf(result)]);
    }
    const abouts = new Set(results.map(({ about }) => about));
    const missing = Object.entries(leftOut).filter(([about]) => clients.includes(about) && !abouts.has(about));
    const lines = missing.map(([about, reason]) => `${name}: ${about}: left out: ${reason}`);
    return lines.concat(
      [...groups].map(([reason, titles]) => {
        const which =
          titles.length > 3 ? `${titles.slice(0, 2).join('; ')}; and ${titles.length - 2} more` : titles.join('; ');
        return `${name}: ${which}: ${reason}`;
      }),
    );
  });
}

function titleOf({ about, name }: Result): string {
  return `${about}: ${name}`;
}
