/**
 * Runs work that must end in time: its signal is aborted with `late()` after `timeout` milliseconds, or with the reason
 * of `parent` when that is aborted first. The work is expected to end when its signal says so.
 */
export async function withDeadline<T>(
  timeout: number,
  late: () => unknown,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(() => controller.abort(late()), timeout);
  parent?.addEventListener('abort', abort, { once: true });
  try {
    parent?.throwIfAborted();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', abort);
  }
}
