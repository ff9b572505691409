import { longest } from '../common/backoff.ts';
import { parseObject } from '../common/json-object.ts';
import { memberOf } from '../common/own.ts';

/** How far clocks may be apart. Somebody who puts an old report back gains no more time than this. */
export const tolerance = 60_000;

/** What processes say of an issuer that gives no tokens. Times are those of their wall clocks. */
export interface WrittenReport {
  /** Where it stands: what belongs to another key was copied or moved there. */
  readonly key: string;
  /** The names of some of the processes that say so. */
  readonly reporters: readonly string[];
  /** Since when they get none. */
  readonly since: number;
  readonly failures: number;
  /** When the last one failed; 0 where nobody has. */
  readonly failed: number;
  /** When the last one failed, or began to ask by itself. */
  readonly at: number;
  /** How long nobody is to ask from then on, in milliseconds. */
  readonly wait: number;
}

export interface Report extends WrittenReport {
  /** How much of that wait is left. */
  readonly left: number;
}

export function writeReport(report: WrittenReport): string {
  return JSON.stringify({ version: 1, ...report });
}

/**
 * Reads what a store found: `undefined` where it is no report, and where it is an old one by the clocks of both hosts. What is
 * left of its wait is measured by the store's own clock, where the store says.
 *
 * @param now - the time by this host's wall clock.
 */
export function readReport(found: unknown, key: string, now: number): Report | undefined {
  const entry = Object(found) as { value: unknown; lifetime: unknown };
  const [text, lifetime] = [memberOf(entry, 'value'), memberOf(entry, 'lifetime')];
  const report = typeof text === 'string' && text.length < 2_000 ? parseObject(text) : undefined;
  if (report?.['version'] !== 1 || report['key'] !== key) return undefined;
  const { reporters, since, failures, failed, at, wait } = report as { [name in keyof WrittenReport]: unknown };
  if (!Array.isArray(reporters) || ![since, failures, failed, at, wait].every(Number.isFinite)) return undefined;
  const read = report as unknown as WrittenReport;
  const over = now - read.at - read.wait;
  if (read.wait > longest || read.wait < 0 || over < -read.wait - tolerance || over > longest + tolerance)
    return undefined;
  const left = Number.isFinite(lifetime) ? (lifetime as number) - longest : -over;
  return { ...read, left: over > tolerance ? 0 : Math.min(left, read.wait) };
}
