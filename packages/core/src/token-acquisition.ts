import { withDeadline } from './deadline.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import { TokenError, tokenErrorOf } from './errors.ts';
import type { Settings } from './settings.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import type { TokenRequestParameters } from './token-parameters.ts';
import type { Grant } from './token-response.ts';

/** What it takes to acquire one token. */
export interface Acquisition {
  readonly settings: Settings;
  readonly endpoint: TokenEndpoint;
  readonly health: EndpointHealth;
  readonly parameters: TokenRequestParameters;
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
  const { settings, endpoint, health, parameters, background } = acquisition;
  const { clock, events, timeout, server } = settings;
  const start = clock.monotonic();
  const late = (): TokenError =>
    new TokenError(
      'ERR_TOKEN_TIMEOUT',
      `no token from ${(server.issuer ?? server.tokenEndpoint).href} within ${timeout} ms`,
      { transient: true },
    );
  const blocked = health.blocked?.error;
  try {
    const grant = await withDeadline(
      timeout,
      late,
      async (deadline) => {
        const secret = await endpoint.readSecret(deadline);
        // Whoever asks in spite of a refusal hopes for a new secret.
        if (blocked !== undefined && !endpoint.isNewSecret(secret)) throw blocked;
        events.emit(parameters.scope, { type: 'requested', background });
        return endpoint.request(parameters, secret, deadline);
      },
      signal,
    );
    health.succeeded();
    const accepted = accept(grant);
    events.emit(parameters.scope, { type: 'acquired', duration: clock.monotonic() - start, lifetime: grant.lifetime });
    return accepted;
  } catch (cause) {
    if (signal.aborted || cause === blocked) throw cause;
    const error = tokenErrorOf(cause) ?? new TokenError('ERR_TOKEN_REQUEST', 'the token request failed', { cause });
    health.failed(error);
    const { code, transient } = error;
    events.emit(parameters.scope, { type: 'failed', duration: clock.monotonic() - start, code, transient });
    throw error;
  }
}
