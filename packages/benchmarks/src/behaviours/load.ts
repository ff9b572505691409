import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../contender.ts';

/** One request, as its caller saw it. */
export interface Call {
  /** By `performance.now()`. */
  readonly start: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Nothing where it ended in an error. */
  readonly status: number | undefined;
}

async function call({ get }: Running): Promise<Call> {
  const start = performance.now();
  const status = await get('/orders/7').catch(() => undefined);
  return { start, duration: performance.now() - start, status };
}

/** Many requests at once. */
export function herd(running: Running, size: number): Promise<Call[]> {
  return Promise.all(Array.from({ length: size }, () => call(running)));
}

/** So many requests a second, whether or not the ones before have been answered. A busy machine may make fewer of them. */
export async function steady(running: Running, rate: number, seconds: number): Promise<Call[]> {
  const calls: Promise<Call>[] = [];
  const start = performance.now();
  for (let passed = 0; passed < seconds; passed = (performance.now() - start) / 1_000) {
    while (calls.length <= passed * rate) calls.push(call(running));
    await sleep(1);
  }
  return Promise.all(calls);
}

/** Requests that did not end well. */
export function lost(calls: readonly Call[]): number {
  return calls.filter(({ status }) => status !== 200).length;
}
