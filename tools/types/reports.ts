import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { reportOf } from './report.ts';

/** A report of each entry of each public package, by the file in which it is kept. */
export type Reports = ReadonlyMap<string, string>;

interface Manifest {
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
}

/** Reports what has been built. */
export async function currentReports(): Promise<Reports> {
  const reports = new Map<string, string>();
  for (const file of globSync('packages/*/package.json')) {
    const { private: isPrivate, exports = {} } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    if (isPrivate === true) continue;
    for (const source of Object.values(exports)) {
      const types = `${parse(source).name}.d.ts`;
      reports.set(join(dirname(file), 'api', types), await reportOf(join(dirname(file), 'dist', types)));
    }
  }
  return reports;
}

/** Reads what is kept. */
export function keptReports(): Reports {
  return new Map(globSync('packages/*/api/*.d.ts').map((file) => [file, readFileSync(file, 'utf8')]));
}

/** Names the files in which two reports differ. */
export function differences(kept: Reports, current: Reports): string[] {
  return [...new Set([...kept.keys(), ...current.keys()])]
    .filter((file) => kept.get(file) !== current.get(file))
    .toSorted();
}

/** Keeps a report. */
export function keep(kept: Reports, current: Reports): void {
  for (const file of kept.keys()) if (!current.has(file)) rmSync(file);
  for (const [file, text] of current) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
