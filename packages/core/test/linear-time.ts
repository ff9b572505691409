import { expect } from '@jest/globals';

/**
 * Expects that work takes no more than linear time. It compares the work with itself, and in the time of the processor: so
 * neither a slow machine nor a busy one matters.
 */
export function expectLinearTime(work: (length: number) => void, length: number): void {
  const cost = (size: number): number => {
    const start = process.cpuUsage();
    work(size);
    return process.cpuUsage(start).user;
  };
  cost(1_000);
  // Less than this many microseconds says nothing. Quadratic time would be 64 times as much.
  const part = Math.max(cost(length / 8), 20_000);
  expect(cost(length)).toBeLessThan(32 * part);
}
