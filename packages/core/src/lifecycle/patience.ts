import { pause, withDeadline } from '../common/waiting.ts';
import type { Gate } from './gate.ts';

/** How a caller waits for a failure to pass. */
export interface Patience<T> {
  /** Asks once more. */
  again(signal: AbortSignal): Promise<T>;
  /** Whether another failure may pass, too. */
  passes(failure: unknown): boolean;
  readonly gate: Gate;
  /** How many milliseconds the caller has left. */
  readonly left: number;
}

/**
 * Asks again whenever the gate allows it, until that succeeds or the caller's time is over.
 *
 * @throws the last failure, or the reason of the signal.
 */
export function outlast<T>(failure: unknown, patience: Patience<T>, signal: AbortSignal | undefined): Promise<T> {
  const { gate, left } = patience;
  let last = failure;
  const askAgain = async (end: AbortSignal): Promise<T> => {
    for (;;) {
      await pause(gate.failure?.wait ?? 0, end);
      try {
        return await patience.again(end);
      } catch (error) {
        if (end.aborted || !patience.passes(error)) throw error;
        last = error;
      }
    }
  };
  return withDeadline(left, () => last, askAgain, signal);
}
