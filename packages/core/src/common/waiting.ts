import { type Clock, startTimer } from './clock.ts';

/** Waits for a promise, or until the signal is aborted: then it rejects with the signal's reason, and the promise goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits for `duration` milliseconds, or until the signal is aborted: then it rejects with the signal's reason. */
export async function pause(clock: Clock, duration: number, signal: AbortSignal): Promise<void> {
  let cancel: (() => void) | undefined;
  const over = new Promise<void>((resolve) => (cancel = startTimer(clock, resolve, duration)));
  await untilAborted(over, signal).finally(cancel);
}

/** How many milliseconds something may take, and by which clock. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly timeout: number;
}

/**
 * Runs work that must end in time. Its signal is aborted with `late()` after `timeout` milliseconds, or with the reason of
 * `parent` when that is aborted first. Then nobody waits for the work any more, which may be stuck in a function of the user's.
 */
export async function withDeadline<T>(
  { clock, timeout }: TimeLimit,
  late: () => unknown,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent?.reason);
  const cancel = startSlices(clock, () => controller.abort(late()), timeout / 4, 4);
  parent?.addEventListener('abort', abort, { once: true });
  try {
    parent?.throwIfAborted();
    return await untilAborted(work(controller.signal), controller.signal);
  } finally {
    cancel();
    parent?.removeEventListener('abort', abort);
  }
}

/**
 * A timer in slices. A process that was stopped, or is short of CPU, finds its timers due and what has arrived unread: it has a
 * turn to read that, and does not take its own standstill for the slowness of others.
 */
function startSlices(clock: Clock, callback: () => void, slice: number, left: number): () => void {
  const next = (): void => {
    if (left === 1) callback();
    else cancel = startSlices(clock, callback, slice, left - 1);
  };
  let cancel = startTimer(clock, next, slice);
  return () => cancel();
}
