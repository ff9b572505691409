import { accessToken, isTokenText } from '../common/access-token.ts';
import type { Moment } from '../common/clock.ts';
import { parseObject } from '../common/json-object.ts';
import { type IssuedToken, longestLifetime } from '../common/issued-token.ts';

/** The name of a token in a store: a hash of all that shapes its request. Nobody can read the request from it. */
export async function storeKey(shape: readonly unknown[]): Promise<string> {
  const text = JSON.stringify(['tokenline 1', ...shape]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A token as text. Its birth is part of it, so that whoever reads it knows its age. */
export function writeStoredToken({ token, start, lifetime, refreshIn }: IssuedToken): string {
  const { value, type, scope, expiresAt } = token;
  const expires = expiresAt !== undefined;
  return JSON.stringify({ version: 1, value, type, scope, birth: start.wall, lifetime, refreshIn, expires });
}

/**
 * Reads a token that another process wrote; `undefined` for any other text. Of two ages, by this host's clock and by the
 * store's, the greater counts.
 *
 * @param left - how much of its lifetime is left by the store's clock, where the store says.
 * @param asked - when the store was asked.
 */
export function readStoredToken(text: string, left: number | undefined, asked: Moment): IssuedToken | undefined {
  const { version, value, type, scope, birth, lifetime, refreshIn, expires } = parseObject(text) ?? {};
  if (version !== 1 || !isTokenText(value) || (type !== 'Bearer' && type !== 'DPoP')) return undefined;
  if (scope !== undefined && typeof scope !== 'string') return undefined;
  if (!Number.isFinite(birth) || !isDuration(lifetime)) return undefined;
  if (refreshIn !== undefined && !isDuration(refreshIn)) return undefined;
  const age = Math.max(0, asked.wall - (birth as number), left === undefined ? 0 : lifetime - left);
  const start = { wall: asked.wall - age, monotonic: asked.monotonic - age };
  const expiresAt = expires === true ? start.wall + lifetime : undefined;
  return { token: accessToken({ value, type, expiresAt, scope }), start, lifetime, refreshIn };
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= longestLifetime;
}
