import { type Clock, elapsedSince } from '../common/clock.ts';
import { withDeadline } from '../common/deadline.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import { TokenError, tokenErrorOf } from '../common/errors.ts';
import type { Settings } from '../source/settings.ts';
import type { Demand, Shared, SharedAcquisition } from '../fleet/shared-acquisition.ts';
import type { TokenEndpoint } from '../server/token-endpoint.ts';
import type { Grant } from '../server/token-response.ts';

/** What it takes to acquire one token. */
export interface Acquisition extends Demand {
  readonly settings: Settings;
  readonly endpoint: TokenEndpoint;
  /** Where there is a store. */
  readonly shared: SharedAcquisition | undefined;
  readonly health: EndpointHealth;
  readonly background: boolean;
}

/**
 * Acquires a token within the time allowed, and remembers how that went.
 *
 * @param accept - takes the token, or throws for one that is of no use, which counts as a failure too.
 * @throws TokenError, or the reason of the signal, which says nothing of the endpoint's health.
 */
export async function acquire<T>(
  acquisition: Acquisition,
  accept: (grant: Grant) => T,
  signal: AbortSignal,
): Promise<T> {
  const { settings, endpoint, shared, health, parameters, background } = acquisition;
  const { clock, events, timeout, server } = settings;
  const start = clock.monotonic();
  const late = (): TokenError =>
    new TokenError('ERR_TOKEN_TIMEOUT', `no token from ${server.href} within ${timeout} ms`, { transient: true });
  const blocked = health.blocked;
  const request = async (deadline: AbortSignal): Promise<Grant> => {
    const credentials = await endpoint.readCredentials(deadline);
    // Whoever asks in spite of a refusal hopes for new credentials: what befell the old ones says nothing of it.
    if (blocked !== undefined && !endpoint.areNew(credentials)) throw blocked.error;
    if (blocked !== undefined) health.clear();
    const attempt = (): Promise<Grant> => {
      events.emit(parameters.scope, { type: 'requested', background });
      return endpoint.request(parameters, credentials, deadline);
    };
    const answer = await attempt();
    if (!isOver(answer, clock)) return answer;
    // The machine slept, or its clock was set, while the answer was under way.
    const second = await attempt();
    if (!isOver(second, clock)) return second;
    throw new TokenError('ERR_TOKEN_RESPONSE', 'the token had expired when it arrived', { transient: true });
  };
  const work = async (deadline: AbortSignal): Promise<Shared> =>
    shared?.acquire(acquisition, () => request(deadline), deadline) ?? { grant: await request(deadline) };
  try {
    const { grant, adopted } = await withDeadline(timeout, late, work, signal);
    signal.throwIfAborted();
    // The endpoint is well, whether or not its answer is of any use.
    if (!adopted) endpoint.health.clear();
    const accepted = accept(grant);
    health.clear();
    const duration = clock.monotonic() - start;
    events.emit(parameters.scope, { type: adopted ? 'store-hit' : 'acquired', duration, lifetime: grant.lifetime });
    return accepted;
  } catch (cause) {
    if (signal.aborted) {
      events.emit(parameters.scope, { type: 'aborted' });
      throw cause;
    }
    if (blocked !== undefined && cause === blocked.error) {
      events.emit(parameters.scope, { type: 'skipped', code: blocked.error.code, wait: blocked.wait });
      throw cause;
    }
    const error = tokenErrorOf(cause) ?? new TokenError('ERR_TOKEN_REQUEST', 'the token request failed', { cause });
    health.failed(error);
    const { code, transient } = error;
    events.emit(parameters.scope, { type: 'failed', duration: clock.monotonic() - start, code, transient });
    throw error;
  }
}

/** Whether a token that is to be kept has no life left. */
function isOver({ start, lifetime }: Grant, clock: Clock): boolean {
  return lifetime > 0 && elapsedSince(start, clock) >= lifetime;
}
