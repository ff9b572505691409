import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const source = new URL('../src/', import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** What a file takes from the machine: time, timers, chance. Comments may speak of it. */
const takenBy = (file: string): string[] => {
  const code = readFileSync(new URL(file, source), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const taken =
    /\bDate\.now|new Date\(\)|\bperformance\b|\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bnextTick\b|AbortSignal\.timeout|Math\.random|\brandomUUID\b|\bgetRandomValues\b/g;
  return [...code.matchAll(taken)].map(([found]) => `${file}: ${found}`);
};

// So that a run on a simulated clock, with numbers from one seed, is the same each time.
test('time and chance come from the defaults of two options, and from nowhere else', () => {
  expect(files.flatMap(takenBy).toSorted()).toEqual([
    'common/clock.ts: Date.now',
    'common/clock.ts: performance',
    'common/clock.ts: setTimeout',
    'source/read-options.ts: Math.random',
  ]);
});
