import { elapsedSince, momentOf } from '../common/clock.ts';
import { tokenErrorOf } from '../common/errors.ts';
import { pause, withDeadline } from '../common/waiting.ts';
import type { Gate, GateContext } from './gate.ts';

/** How long callers wait for failures to pass, and what ends the waits of all of them. */
export interface PatienceContext extends GateContext {
  /** Milliseconds for each caller. */
  readonly patience: number;
  readonly waiting: Set<AbortController>;
}

/** One caller. */
export interface PatientCaller<T> {
  readonly gate: Gate;
  /** Asks once more. */
  readonly again: (signal: AbortSignal) => Promise<T>;
  /** Whether the caller has no usable token: otherwise it has no reason to wait. */
  readonly isInNeed: () => boolean;
}

/**
 * Waits for a token through transient failures: it is asked for again whenever the gate allows that, until the caller's time
 * is over or the endpoint has been failing for longer than that.
 *
 * @throws the last failure, or the reason of the signal.
 */
export async function outlast<T>(
  first: Promise<T>,
  { gate, again, isInNeed }: PatientCaller<T>,
  { clock, patience, waiting }: PatienceContext,
  signal: AbortSignal | undefined,
): Promise<T> {
  const began = momentOf(clock);
  const mayPass = (failure: unknown): boolean =>
    isInNeed() && tokenErrorOf(failure)?.transient === true && gate.failingFor <= patience;
  let last: unknown;
  try {
    return await first;
  } catch (error) {
    last = error;
  }
  const left = patience - elapsedSince(began, clock);
  if (signal?.aborted || !mayPass(last) || left <= (gate.failure?.wait ?? 0)) throw last;
  const wait = new AbortController();
  const askAgain = async (deadline: AbortSignal): Promise<T> => {
    for (;;) {
      await pause(clock, gate.failure?.wait ?? 0, deadline);
      try {
        return await again(deadline);
      } catch (error) {
        if (deadline.aborted || !mayPass(error)) throw error;
        last = error;
      }
    }
  };
  waiting.add(wait);
  const end = signal ? AbortSignal.any([signal, wait.signal]) : wait.signal;
  return withDeadline({ clock, timeout: left }, () => last, askAgain, end).finally(() => waiting.delete(wait));
}
