import { type AccessToken, accessToken } from './access-token.ts';
import type { Moment } from './clock.ts';
import { parseObject } from './json-object.ts';

/** A token as it was issued. Durations are milliseconds. */
export interface IssuedToken {
  readonly token: AccessToken;
  /** The start of the request that brought it. */
  readonly start: Moment;
  /** How long it lasts from that start. 0: it serves the callers who wait for it, and is not kept. */
  readonly lifetime: number;
  /** How long after that start its issuer wants it to be renewed. */
  readonly refreshIn: number | undefined;
}

/** What an issuer says of a token. */
export interface IssuedFields extends Pick<AccessToken, 'value' | 'type' | 'scope'> {
  /** `undefined` where the issuer does not say. */
  readonly lifetime: number | undefined;
  readonly refreshIn: number | undefined;
}

const assumedLifetime = 300_000;
/** Longer than any lifetime in use, and short enough that no token is kept for ever. */
export const longestLifetime: number = 366 * 24 * 60 * 60 * 1_000;

/** Works out how long a token lasts where its issuer does not say: by the `exp` of a JWT, else five minutes. */
export function issuedToken({ lifetime: said, refreshIn, ...fields }: IssuedFields, start: Moment): IssuedToken {
  const known = said ?? jwtLifetime(fields.value, start);
  const lifetime = Math.min(known ?? assumedLifetime, longestLifetime);
  const expiresAt = known === undefined || lifetime === 0 ? undefined : start.wall + lifetime;
  return { token: accessToken({ ...fields, expiresAt }), start, lifetime, refreshIn };
}

/** The last part of a lifetime, in which a token is used with care: a tenth, 30 seconds at most. */
export function marginOf(lifetime: number): number {
  return Math.min(lifetime / 10, 30_000);
}

/** What the `exp` of a JWT leaves; `undefined` for any other token. Nothing else in the token is read or trusted. */
function jwtLifetime(token: string, start: Moment): number | undefined {
  const payload = token.split('.')[1] ?? '';
  try {
    const { exp } = parseObject(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) ?? {};
    return typeof exp === 'number' ? Math.max(0, exp * 1_000 - start.wall) : undefined;
  } catch {
    return undefined;
  }
}
