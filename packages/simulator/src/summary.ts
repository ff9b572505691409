import type { Fleet } from './fleet.ts';

/** What a fleet is like. */
export function describe({ options }: Fleet): string {
  const { processes, lifetime, pace, gap, start, shared } = options;
  return [
    `${processes} processes ${shared ? 'with' : 'without'} a store, started within ${duration(start)}`,
    `a call every ${duration(gap)} in each; a token request takes ${duration(pace)}, a token lasts ${duration(lifetime)}`,
  ].join('\n');
}

/** What it came to. */
export function summarise({ watch, store, world }: Fleet): string {
  const { requests, calls, failures, longest, events, violations } = watch;
  const counts = [...events].map(([type, count]) => `${type} ${count}`).join(', ');
  return [
    `${duration(world.time)} simulated: ${calls} calls, ${failures} of them failed, the longest took ${duration(longest)}`,
    `${requests.total()} token requests, ${requests.peak()} in one second at most`,
    `${store.scripts.total()} scripts in the store, ${store.scripts.peak()} in one second at most`,
    `events: ${counts}`,
    violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS`,
    ...violations.slice(0, 20),
  ].join('\n');
}

function duration(milliseconds: number): string {
  if (milliseconds >= 3_600_000) return `${round(milliseconds / 3_600_000)} h`;
  if (milliseconds >= 60_000) return `${round(milliseconds / 60_000)} min`;
  return milliseconds >= 1_000 ? `${round(milliseconds / 1_000)} s` : `${Math.round(milliseconds)} ms`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
