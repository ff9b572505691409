import { invalidOption, TokenError, tokenErrorOf } from '../common/errors.ts';
import { isTokenText } from '../common/access-token.ts';
import { type Moment, momentOf } from '../common/clock.ts';
import { memberOf } from '../common/own.ts';
import type { Acquirer } from '../lifecycle/acquirer.ts';
import { defaultLifetime, type IssuedToken, issuedToken } from '../common/issued-token.ts';
import { parameterNames } from '../lifecycle/token-parameters.ts';
import type { CustomTokenSourceOptions } from './options.ts';
import { readSourceOptions, type SourceSettings } from './read-options.ts';
import { renewingTokenSource } from './renewing-token-source.ts';
import type { ClientTokenSource } from './token-source.ts';

/**
 * Creates a source of tokens that a function of your own acquires: from a cloud SDK, a vault, a login API that is not OAuth.
 *
 * The function only acquires. The source does the rest, as {@link createTokenSource} does: callers that arrive together
 * share one call, an ageing token is renewed in the background, failures back off, and a token that an API refused is
 * replaced once for all.
 *
 * @example
 * ```ts
 * const source = createCustomTokenSource({
 *   acquire: async ({ signal }) => {
 *     const response = await fetch('https://api.example.com/login', { method: 'POST', body, signal });
 *     if (!response.ok) throw new Error(`the login API answered with status ${response.status}`);
 *     const { token, expires } = await response.json();
 *     return { value: token, expiresAt: new Date(expires) };
 *   },
 * });
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is missing or malformed; thrown here, not by `getToken()`.
 */
export function createCustomTokenSource(options: CustomTokenSourceOptions): ClientTokenSource {
  const { own, settings } = readSourceOptions('createCustomTokenSource', options, ['acquire', 'key']);
  const { acquire, key } = own;
  if (typeof acquire !== 'function') throw invalidOption('acquire is required: a function that returns { value }');
  if (key !== undefined && (typeof key !== 'string' || key === ''))
    throw invalidOption('key must be a string that is not empty');
  if (key === undefined && settings.join !== undefined)
    throw invalidOption(
      'key is required with store: the name of these tokens, the same in all processes that share them',
    );
  const origin = {
    acquirer: customAcquirer(acquire, settings),
    name: { key },
    shapeOf: async (parameters: { readonly key: string }) => ['custom', key, parameters.key],
    ownUrls: new Set<string>(),
    prover: undefined,
    assertFree,
  };
  return renewingTokenSource(origin, settings, own);
}

function assertFree(name: string): void {
  if ((parameterNames as readonly string[]).includes(name.toLowerCase()))
    throw invalidOption(`parameters must not set "${name}": there is an option for it`);
}

function customAcquirer(acquire: CustomTokenSourceOptions['acquire'], settings: SourceSettings): Acquirer {
  const { clock, assumedLifetime = defaultLifetime } = settings;
  return {
    name: 'acquire',
    prepare: async () => ({
      isNew: () => false,
      async send({ parameters: requested, held, rejected, claims }, signal) {
        const { scope, resource, audience, parameters } = requested;
        const start = momentOf(clock);
        try {
          const result = await acquire({ signal, scope, resource, audience, parameters, rejected, claims });
          return readToken(result, start, assumedLifetime);
        } catch (cause) {
          if (signal.aborted) throw signal.reason;
          throw tokenErrorOf(cause) ?? failure(cause, [rejected ?? '', held?.token.value ?? '']);
        }
      },
    }),
    // Nobody knows what else a failure concerns: each set of parameters backs off by itself.
    concernsAll: () => false,
    mayBeOutdated: () => false,
  };
}

function failure(cause: unknown, secrets: readonly string[]): TokenError {
  const error = Object(cause) as { transient?: unknown; retryAfter?: unknown };
  const [transient, retryAfter] = [memberOf(error, 'transient'), memberOf(error, 'retryAfter')];
  return new TokenError('ERR_TOKEN_REQUEST', 'the acquire function failed', {
    transient: transient !== false,
    retryAfter: Number(retryAfter) > 0 ? Number(retryAfter) : undefined,
    cause,
    secrets,
  });
}

/** @throws TokenError (`ERR_TOKEN_RESPONSE`) saying what is wrong, and never what the token is. */
function readToken(result: unknown, start: Moment, assumedLifetime: number): IssuedToken {
  const token = Object(result) as Record<string, unknown>;
  const names = ['value', 'type', 'scope', 'expiresIn', 'expiresAt', 'refreshIn'] as const;
  const [value, type, scope, expiresIn, expiresAt, refreshIn] = names.map((name) => memberOf(token, name));
  assert(typeof result === 'object' && result !== null, 'the result', 'an object such as { value, expiresIn }');
  assert(isTokenText(value), 'value', 'a string that a header can carry');
  assert(isAbsent(type) || type === 'Bearer', 'type', 'Bearer');
  assert(isAbsent(scope) || typeof scope === 'string', 'scope', 'a string');
  assert(isAbsent(expiresIn) || Number.isFinite(expiresIn), 'expiresIn', 'a number of milliseconds');
  // Less would be early in 1973: those are seconds.
  assert(isAbsent(expiresAt) || Number(expiresAt) > 1e11, 'expiresAt', 'a Date or milliseconds since the epoch');
  assert(isAbsent(refreshIn) || Number.isFinite(refreshIn), 'refreshIn', 'a number of milliseconds');
  const lifetime = Math.min(
    isAbsent(expiresIn) ? Infinity : (expiresIn as number),
    isAbsent(expiresAt) ? Infinity : Number(expiresAt) - start.wall,
  );
  return issuedToken(
    {
      value,
      type: 'Bearer',
      scope: scope ?? undefined,
      isNew: false,
      lifetime: lifetime === Infinity ? undefined : Math.max(0, lifetime),
      // A time that is past says nothing: it would be renewed at every call.
      refreshIn: Number(refreshIn) > 0 ? Number(refreshIn) : undefined,
    },
    start,
    assumedLifetime,
  );
}

function assert(condition: boolean, name: string, expected: string): asserts condition {
  if (!condition)
    throw new TokenError('ERR_TOKEN_RESPONSE', `the acquire function returned no token: ${name} must be ${expected}`);
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
