import { setTimeout as sleep } from 'node:timers/promises';
import { collectGarbage } from '../costs/collect-garbage.ts';

/** What a leak would show in. */
export interface Vitals {
  /** Bytes that are alive. */
  readonly heap: number;
  /** Timers, sockets and whatever else keeps the process going. */
  readonly handles: number;
  readonly sockets: number;
  readonly unhandledRejections: number;
}

let unhandledRejections = 0;
process.on('unhandledRejection', (reason) => {
  unhandledRejections++;
  console.error('unhandled:', reason);
});

/** Looks when all is quiet: nothing is under way, and the connections that were kept for reuse have been given up. */
export async function takeVitals(): Promise<Vitals> {
  await sleep(7_000);
  for (let time = 0; time < 3; time++) {
    collectGarbage();
    await sleep(50);
  }
  const resources = process.getActiveResourcesInfo();
  return {
    heap: process.memoryUsage().heapUsed,
    handles: resources.length,
    sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
    unhandledRejections,
  };
}

/** Why the second look is not as good as the first, if it is not. */
export function worsened(first: Vitals, last: Vitals): string[] {
  const worse: string[] = [];
  // Some is compiled, and some caches are filled, late.
  if (last.heap > first.heap * 1.1 + 1_000_000) worse.push('the heap has grown');
  if (last.handles > first.handles) worse.push('there are more handles');
  if (last.sockets > first.sockets) worse.push('there are more sockets');
  if (last.unhandledRejections > 0) worse.push('there were unhandled rejections');
  return worse;
}
