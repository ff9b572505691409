import { type AccessToken, accessToken, isTokenText } from '../common/access-token.ts';
import type { Moment } from '../common/clock.ts';
import { parseObject } from '../common/json-object.ts';
import { type IssuedToken, longestLifetime, marginOf } from '../common/issued-token.ts';
import { memberOf } from '../common/own.ts';

/** In characters. What is longer is not even parsed. */
const longestEntry = 256 * 1024;
/** In JSON, a character takes up to six: with this, an entry does not get too long. No header carries as much. */
const longestToken = 32 * 1024;
/** A clock may be wrong by a time zone, and more. */
const day = 24 * 60 * 60 * 1_000;

/** What an entry has to be, to be believed. */
export interface Expected {
  /** Where it is: what belongs to another key was copied or moved there. */
  readonly key: string;
  /** Where tokens are bound to a key of their source: a bearer token is of use unless that is `required`. */
  readonly prover: { readonly required: boolean } | undefined;
}

/** The name of a token in a store: a hash of all that shapes its request. Nobody can read the request from it. */
export function storeKey(shape: readonly unknown[]): Promise<string> {
  return digestOf(JSON.stringify(['tokenline 1', ...shape]));
}

/** SHA-256, in hexadecimal digits. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a store may hold it, so that other processes can have it, too. */
export function isShareable({ token: { value, scope = '' }, lifetime }: IssuedToken): boolean {
  return lifetime > 0 && value.length + scope.length <= longestToken && !/\p{Cc}/u.test(scope);
}

/**
 * A token as text. Its birth is part of it, so that whoever reads it knows its age, and its key, so that it is good under no
 * other.
 */
export function writeStoredToken({ token, start, lifetime, refreshIn }: IssuedToken, key: string): string {
  const { value, type, scope, expiresAt } = token;
  const expires = expiresAt !== undefined;
  return JSON.stringify({ version: 1, key, value, type, scope, birth: start.wall, lifetime, refreshIn, expires });
}

/**
 * Reads what a store found. Of two ages, by this host's clock and by the store's, the greater counts.
 *
 * @param asked - when the store was asked.
 * @throws Error (`ERR_STORE_ENTRY`) for anything that no process of this fleet wrote there.
 */
export function readStoredToken(found: unknown, expected: Expected, asked: Moment): IssuedToken {
  const entry = Object(found) as { value: unknown; lifetime: unknown };
  const issued = read(memberOf(entry, 'value'), memberOf(entry, 'lifetime'), expected, asked);
  if (issued !== undefined && isShareable(issued)) return issued;
  throw Object.assign(new Error('the entry cannot be read'), { code: 'ERR_STORE_ENTRY' });
}

function read(text: unknown, left: unknown, { key, prover }: Expected, asked: Moment): IssuedToken | undefined {
  const fields = typeof text === 'string' && text.length <= longestEntry ? parseObject(text) : undefined;
  if (fields?.['version'] !== 1 || fields['key'] !== key) return undefined;
  const { value, type, scope, birth, lifetime, refreshIn, expires } = fields;
  if (!isTokenText(value) || !isAcceptable(type, prover)) return undefined;
  if (scope !== undefined && typeof scope !== 'string') return undefined;
  if (!isNumber(birth) || !isNumber(lifetime) || lifetime > longestLifetime) return undefined;
  if (refreshIn !== undefined && !(isNumber(refreshIn) && refreshIn > 0)) return undefined;
  if (left !== undefined && !isNumber(left)) return undefined;
  // The clock of its writer may be ahead: where the store does not say what is left, nobody knows the age.
  if (birth - asked.wall > (left === undefined ? marginOf(lifetime) : day)) return undefined;
  const ageHere = asked.wall - birth;
  const ageThere = left === undefined ? ageHere : lifetime - left;
  const age = Math.max(0, ageHere, ageThere);
  const start = { wall: asked.wall - age, monotonic: asked.monotonic - age };
  const expiresAt = expires === true ? start.wall + lifetime : undefined;
  const unbound = prover !== undefined && type === 'Bearer';
  const token = accessToken({ value, type, expiresAt, scope });
  return { token, start, birth: asked.wall - ageThere, lifetime, refreshIn, unbound };
}

/** Whether the source takes tokens of this type from their issuer, too. */
function isAcceptable(type: unknown, prover: Expected['prover']): type is AccessToken['type'] {
  return type === 'Bearer' ? prover?.required !== true : type === 'DPoP' && prover !== undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
