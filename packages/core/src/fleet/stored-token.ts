import { accessToken } from '../common/access-token.ts';
import type { Moment } from '../common/clock.ts';
import { parseObject } from '../common/json-object.ts';
import { type Grant, longestLifetime } from '../server/token-response.ts';

/** A grant as text. It keeps its birth, so that whoever reads it knows its age. */
export function writeStoredToken({ token, start, lifetime, refreshIn }: Grant): string {
  const { value, type, scope, expiresAt } = token;
  const expires = expiresAt !== undefined;
  return JSON.stringify({ version: 1, value, type, scope, birth: start.wall, lifetime, refreshIn, expires });
}

/**
 * Reads a grant that another process wrote; `undefined` where that is no such thing. The grant is as old as the clock
 * says that says more: this host's, or the store's.
 *
 * @param left - how much of its lifetime the store says is left.
 * @param asked - when the store was asked.
 */
export function readStoredToken(text: string, left: number | undefined, asked: Moment): Grant | undefined {
  const { version, value, type, scope, birth, lifetime, refreshIn, expires } = parseObject(text) ?? {};
  if (version !== 1 || typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  if (type !== 'Bearer' && type !== 'DPoP') return undefined;
  if (scope !== undefined && typeof scope !== 'string') return undefined;
  if (!Number.isFinite(birth) || !isDuration(lifetime)) return undefined;
  if (refreshIn !== undefined && !isDuration(refreshIn)) return undefined;
  const age = Math.max(0, asked.wall - (birth as number), left === undefined ? 0 : lifetime - left);
  const start = { wall: asked.wall - age, monotonic: asked.monotonic - age };
  const expiresAt = expires === true ? start.wall + lifetime : undefined;
  return { token: accessToken({ value, type, expiresAt, scope }), start, lifetime, refreshIn };
}

/** How far the clocks of two hosts may be apart without harm: so much of its life a token must have left to be shared. */
export function skewMargin({ lifetime }: Grant): number {
  return Math.min(lifetime / 10, 30_000);
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= longestLifetime;
}
