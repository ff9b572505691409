import { type AccessToken, accessToken } from './access-token.ts';
import type { Moment } from './clock.ts';
import { parseObject } from './json-object.ts';

/** A token as it was issued. Durations are milliseconds. */
export interface IssuedToken {
  readonly token: AccessToken;
  /** The start of the request that brought it. */
  readonly start: Moment;
  /** When that was by the one clock of a store, where it comes from there: hosts may have clocks that differ by minutes. */
  readonly birth?: number;
  /** How long it lasts from that start. 0: it serves the callers who wait for it, and is not kept. */
  readonly lifetime: number;
  /** How long after that start its issuer wants it to be renewed. */
  readonly refreshIn: number | undefined;
  /** Whether it is not bound to a key, although the request held a proof. */
  readonly unbound?: boolean;
}

/** What an issuer says of a token. */
export interface IssuedFields extends Pick<AccessToken, 'value' | 'type' | 'scope'> {
  /** `undefined` where the issuer does not say. */
  readonly lifetime: number | undefined;
  readonly refreshIn: number | undefined;
  /** Whether it was issued for this request. Otherwise it may come from a cache, and have lived for a while. */
  readonly isNew: boolean;
}

/** How many milliseconds a token is assumed to last where nobody says. */
export const defaultLifetime = 300_000;
/** Longer than any lifetime in use, and short enough that no token is kept for ever. */
export const longestLifetime: number = 366 * 24 * 60 * 60 * 1_000;

/**
 * Works out how long a token lasts: as long as its issuer says, and no longer than a JWT says itself. Where neither does, for
 * `assumedLifetime`: then `expiresAt` is `undefined`.
 */
export function issuedToken(
  { lifetime: said, refreshIn, isNew, ...fields }: IssuedFields,
  start: Moment,
  assumedLifetime: number,
): IssuedToken {
  const known = Math.min(said ?? Infinity, jwtLifetime(fields.value, start, isNew) ?? Infinity);
  const lifetime = Math.min(known === Infinity ? assumedLifetime : known, longestLifetime);
  const expiresAt = known === Infinity || lifetime === 0 ? undefined : start.wall + lifetime;
  return { token: accessToken({ ...fields, expiresAt }), start, lifetime, refreshIn };
}

/** The last part of a lifetime, in which a token is used with care: a tenth, 30 seconds at most. */
export function marginOf(lifetime: number): number {
  return Math.min(lifetime / 10, 30_000);
}

/**
 * How long a JWT lasts from `start`; `undefined` for any other token. This clock only counts where it is right. For a new token
 * that means: within a second of `iat`, since the times are whole seconds; for one from a cache, from `iat` to `exp`. Nothing
 * else in the token is read or trusted.
 */
function jwtLifetime(token: string, start: Moment, isNew: boolean): number | undefined {
  const payload = token.split('.')[1] ?? '';
  try {
    const { exp, iat } = parseObject(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) ?? {};
    if (typeof exp !== 'number') return undefined;
    const [expires, now] = [exp * 1_000, start.wall];
    if (typeof iat !== 'number') return Math.max(0, expires - now);
    const issued = iat * 1_000;
    const isRight = now >= issued && now < (isNew ? issued + 1_000 : expires);
    const lifetime = expires - (isRight ? now : issued);
    return lifetime > 0 && lifetime < Infinity ? lifetime : undefined;
  } catch {
    return undefined;
  }
}
