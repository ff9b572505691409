import { untilAborted } from './until-aborted.ts';

/** Waits for a while, or for the signal: then it rejects with the signal's reason. */
export async function pause(duration: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, duration)));
  try {
    await untilAborted(over, signal);
  } finally {
    clearTimeout(timer);
  }
}
