import type { Timing } from '../common/backoff.ts';

/** Names this process, as no other of its fleet is named. A `random` that is not random leaves that to the clocks. */
export function processName({ clock, random }: Timing): string {
  return [random(), random(), clock.now(), clock.monotonic()].map((part) => part.toString(36)).join(' ');
}
