import { elapsedSince, momentOf } from '../common/clock.ts';
import type { IssuedToken } from '../common/issued-token.ts';
import { pause, withDeadline } from '../common/waiting.ts';
import type { Outage } from './outage.ts';
import { longer, longest, shortest } from './race.ts';
import { type StoreEntry, StoreFailure } from './store-entry.ts';
import type { FleetContext } from './token-store.ts';

/** A process that waits for a token. */
interface Waiting {
  readonly context: FleetContext;
  readonly scope: string | undefined;
  readonly entry: StoreEntry;
  /** What the fleet knows of an outage, where its store can be believed. */
  readonly outage: Outage | undefined;
  readonly lease: { take(signal: AbortSignal): Promise<boolean>; release(): void };
  /** Looks for a token in the store. */
  readonly find: (signal: AbortSignal) => Promise<IssuedToken | undefined>;
  readonly rest: (wait: number, signal: AbortSignal) => Promise<void>;
}

type Found = Promise<IssuedToken | undefined>;

/**
 * Waits for the token of another process, or until it is this one's turn to make a request: then there is none.
 *
 * @throws TokenError while no process is to ask, StoreFailure, or the reason of the signal.
 */
export async function awaitTurn(waiting: Waiting, signal: AbortSignal): Found {
  const { clock, random, timeout } = waiting.context;
  const began = momentOf(clock);
  const busy = new StoreFailure();
  // The rest of the time is for a request of this process's own.
  const patience = (0.55 + 0.1 * random()) * timeout;
  const left = (): number => patience - elapsedSince(began, clock);
  try {
    const turn = (end: AbortSignal): Found => takeLease(waiting, left, end);
    return await withDeadline({ clock, timeout: patience }, () => busy, turn, signal);
  } catch (error) {
    if (error !== busy) throw error;
  }
  const { entry, outage } = waiting;
  entry.failed('lease', 'busy');
  const time = (share: number): number => share * timeout - elapsedSince(began, clock);
  return outage && goAlone(waiting, outage, time, signal);
}

/** Waits for the lease. Nobody asks while the fleet waits for the end of an outage. */
async function takeLease(waiting: Waiting, left: () => number, signal: AbortSignal): Found {
  const { context, scope, lease, outage, find, rest } = waiting;
  for (let delay = shortest; ; delay = longer(delay)) {
    const found = await find(signal);
    if (found !== undefined) return found;
    if (delay === shortest) context.events.emit(scope, { type: 'store-miss' });
    const leased = await lease.take(signal);
    // Whoever has just come need not know yet why somebody else has the lease.
    const hold = leased || delay > 2 * shortest ? await outage?.held(signal) : undefined;
    // Between the look and the lease, another process may have stored a token and released the lease.
    if (leased && hold === undefined) return find(signal);
    if (hold === undefined) await rest(delay, signal);
    else {
      lease.release();
      const { error, wait } = hold;
      // After the wait, there has to be time for somebody to make a request.
      if (wait > left() / 2) throw error;
      context.events.emit(scope, { type: 'skipped', code: error.code, wait });
      await pause(context.clock, wait, signal);
    }
  }
}

/**
 * Nobody has got a token in time: this process asks by itself, and says so first. When some others have just done that, it
 * leaves it to them; but not for good, unless one of them has failed.
 *
 * @param time - how much is left of that share of the time for the acquisition, in milliseconds.
 */
async function goAlone(
  { context, find, rest }: Waiting,
  outage: Outage,
  time: (share: number) => number,
  signal: AbortSignal,
): Found {
  let reason: Error = new StoreFailure();
  const turn = async (end: AbortSignal): Found => {
    for (;;) {
      const found = await find(end);
      if (found !== undefined) return found;
      const hold = await outage.held(end);
      if (hold === undefined) await outage.announce();
      if (hold === undefined || (!hold.failed && time(0.8) < 0)) return undefined;
      reason = hold.error;
      await rest(longest, end);
    }
  };
  return withDeadline({ clock: context.clock, timeout: time(0.95) }, () => reason, turn, signal);
}
