import { untilAborted, withDeadline } from '../common/waiting.ts';
import { TokenError, tokenErrorOf } from '../common/errors.ts';
import type { Events, TokenEventDetails } from '../common/events.ts';
import { type AcquisitionTrace, traced } from '../common/tracing.ts';
import type { Demand, Fleet, SharedToken } from './acquirer.ts';
import type { Gate, GateContext } from './gate.ts';
import { lifeLeft } from './held-token.ts';
import type { IssuedToken } from '../common/issued-token.ts';

/** What every acquisition of one source needs. */
export interface AcquisitionContext extends GateContext {
  /** Shares tokens with other processes, where there is a store. */
  readonly fleet: Fleet | undefined;
  readonly events: Events;
  /** How many milliseconds an acquisition may take. */
  readonly timeout: number;
}

/** What one acquisition is for. */
export interface Acquisition extends Demand {
  readonly gate: Gate;
  /** Its number, by which traces and events know it. */
  readonly number: number;
  /** Whether no caller waits for it. */
  readonly background: boolean;
}

/**
 * Acquires a token in time, and records how that went.
 *
 * @param accept - takes the token, or throws for one that is of no use, which counts as a failure.
 * @throws TokenError, or the reason of the signal, which says nothing of the acquirer's health.
 */
export function acquire<T>(
  context: AcquisitionContext,
  acquisition: Acquisition,
  accept: (issued: IssuedToken) => T,
  signal: AbortSignal,
): Promise<T> {
  const { number, background, parameters } = acquisition;
  const trace: AcquisitionTrace = {
    ...context.events.origin,
    scope: parameters.scope,
    acquisition: number,
    background,
  };
  return traced(trace, () => acquireTraced(context, acquisition, accept, signal, trace));
}

async function acquireTraced<T>(
  { acquirer, fleet, clock, events, timeout }: AcquisitionContext,
  { gate, number, background, ...demand }: Acquisition,
  accept: (issued: IssuedToken) => T,
  signal: AbortSignal,
  trace: AcquisitionTrace,
): Promise<T> {
  const emit = (details: TokenEventDetails): void => {
    trace.event = details;
    events.emit(demand.parameters.scope, details, number);
  };
  const start = clock.monotonic();
  const late = (): TokenError =>
    new TokenError('ERR_TOKEN_TIMEOUT', `no token from ${acquirer.name} within ${timeout} ms`, { transient: true });
  // Requested in spite of this, in the hope of new credentials.
  const { failure } = gate;

  const request = async (deadline: AbortSignal): Promise<IssuedToken> => {
    const prepared = await acquirer.prepare(deadline);
    deadline.throwIfAborted();
    if (failure !== undefined && !prepared.isNew(failure.error)) throw failure.error;
    if (failure !== undefined) {
      gate.answered();
      gate.succeeded();
    }
    // Twice, if the machine slept or its clock was set while the answer was under way.
    for (let sent = 0; sent < 2; sent++) {
      deadline.throwIfAborted();
      emit({ type: 'requested', background });
      const issued = await prepared.send(demand, deadline);
      if (issued.lifetime === 0 || lifeLeft(issued, clock) > 0) return issued;
    }
    throw new TokenError('ERR_TOKEN_RESPONSE', 'the token had expired when it arrived', { transient: true });
  };

  const work = async (deadline: AbortSignal): Promise<SharedToken> =>
    fleet?.acquire(demand, (end) => untilAborted(request(end), end), deadline) ?? { issued: await request(deadline) };
  try {
    const { issued, adopted } = await withDeadline({ clock, timeout }, late, work, signal);
    signal.throwIfAborted();
    if (issued.unbound) emit({ type: 'unbound' });
    // A token of another process says nothing of how the acquirer answers this one.
    if (!adopted) gate.answered();
    const accepted = accept(issued);
    gate.succeeded();
    const duration = clock.monotonic() - start;
    const [lifetime, left] = [issued.lifetime, Math.max(0, lifeLeft(issued, clock))];
    emit({ type: adopted ? 'store-hit' : 'acquired', duration, lifetime, left });
    return accepted;
  } catch (cause) {
    if (signal.aborted) {
      emit({ type: 'aborted' });
      throw cause;
    }
    if (failure !== undefined && cause === failure.error) {
      emit({ type: 'skipped', code: failure.error.code, wait: failure.wait });
      throw cause;
    }
    const error = tokenErrorOf(cause) ?? new TokenError('ERR_TOKEN_REQUEST', 'the token request failed', { cause });
    gate.failed(error);
    emit({ type: 'failed', duration: clock.monotonic() - start, code: error.code, transient: error.transient });
    throw error;
  }
}
