import { expect } from '@jest/globals';

/**
 * Expects that work takes no more than linear time. It compares the work with itself, and in the time of the processor: so
 * neither a slow machine nor a busy one matters. What collects garbage meanwhile may: work that fails is tried again.
 */
export function expectLinearTime(work: (length: number) => void, length: number): void {
  const cost = (size: number): number => {
    const start = process.cpuUsage();
    work(size);
    return process.cpuUsage(start).user;
  };
  cost(1_000);
  // Less than this many microseconds says nothing. Quadratic time would be 64 times as much.
  const growth = (): number => cost(length) / Math.max(cost(length / 8), 20_000);
  let least = growth();
  for (let tries = 1; tries < 5 && least >= 32; tries++) least = Math.min(least, growth());
  expect(least).toBeLessThan(32);
}
