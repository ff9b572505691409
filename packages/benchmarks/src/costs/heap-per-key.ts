import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender, Holder, Target } from '../contender.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { collectGarbage } from './collect-garbage.ts';

/** How many tokens each contender is made to keep, each for a scope of its own. */
const keys = 1_000;

/** Bytes that stay on the heap for each scope whose token a contender keeps. */
export async function measureHeapPerKey(
  contenders: readonly Contender[],
  target: Target,
  rounds: number,
): Promise<Map<Contender, Spread>> {
  const results = new Map<Contender, Spread>();
  for (const contender of contenders) {
    if (contender.hold === undefined) continue;
    const bytes: number[] = [];
    // The first round is there to compile what is compiled, and to open what is opened.
    for (let round = 0; round <= rounds; round++) bytes.push(await bytesOf(contender.hold(target)));
    results.set(contender, spreadOf(bytes.slice(1)));
  }
  return results;
}

async function bytesOf(hold: Holder): Promise<number> {
  const kept: unknown[] = [];
  const keep = async (scope: string): Promise<void> => {
    const held = hold(scope);
    await held.getToken();
    kept.push(held.keep);
  };
  await keep('orders.first');
  const before = await settledHeap();
  for (let key = 0; key < keys; key++) await keep(`orders.${String(key).padStart(4, '0')}`);
  const after = await settledHeap();
  if (kept.length !== keys + 1) throw new Error('the tokens must be alive until they have been counted');
  return (after - before) / keys;
}

async function settledHeap(): Promise<number> {
  // Sockets and streams let go of what they hold a little later.
  for (let time = 0; time < 3; time++) {
    collectGarbage();
    await sleep(20);
  }
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
