/** Whoever reads the output may stop early (`| head`). The end is then that of other commands: quiet, and by status 141. */
export function endQuietlyWithTheReader(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // oxlint-disable-next-line unicorn/no-process-exit -- whoever writes on would only fail again
      process.exit(141);
    });
}

/**
 * Runs work that an interruption aborts, and ends as the interruption wants it: killed by the signal, so that a shell stops
 * its loop. What must not be lost, such as a refresh token that replaces another, is saved before; a second signal waits
 * for nothing.
 */
export async function interruption(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    received = signal;
    controller.abort(new Error('interrupted'));
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.once(signal, interrupt);
  const status = await work(controller.signal);
  for (const signal of signals) process.off(signal, interrupt);
  if (received) process.kill(process.pid, received);
  return status;
}
