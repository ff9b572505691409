import { describe, expect, test } from '@jest/globals';
import { accessToken } from '../../src/common/access-token.ts';
import { type IssuedToken, longestLifetime } from '../../src/common/issued-token.ts';
import { isShareable, readStoredToken, storeKey, writeStoredToken } from '../../src/fleet/stored-token.ts';
import { hour, minute, second } from '../test-clock.ts';

const wall = Date.UTC(2026, 10, 23, 12);
const day = 24 * hour;
const asked = { wall, monotonic: 5 * minute };
const expected = { key: 'key', prover: undefined };

const issued = (more: Partial<IssuedToken> = {}): IssuedToken => ({
  token: accessToken({ value: 'token-1', type: 'Bearer', expiresAt: wall + hour, scope: 'read' }),
  start: asked,
  lifetime: hour,
  refreshIn: undefined,
  ...more,
});

/** What is read of a token that was stored, of which these fields are others. */
function read(
  fields: object = {},
  lifetime?: unknown,
  from: Parameters<typeof readStoredToken>[1] = expected,
): IssuedToken {
  const entry = JSON.parse(writeStoredToken(issued(), 'key')) as object;
  return readStoredToken({ value: JSON.stringify({ ...entry, ...fields }), lifetime }, from, asked);
}

/** Whether a token is read, and no entry that nobody can read. */
function isRead(...parameters: Parameters<typeof read>): boolean {
  try {
    return read(...parameters).token.value === 'token-1';
  } catch (error) {
    return (error as { code?: unknown }).code !== 'ERR_STORE_ENTRY';
  }
}

describe('a token from a store', () => {
  test('is the one that was stored, with all that belongs to it', () => {
    const value = writeStoredToken(issued({ refreshIn: minute }), 'key');
    const { token, ...rest } = readStoredToken({ value, lifetime: hour }, expected, asked);
    expect({ ...token, value: token.value }).toEqual({
      value: 'token-1',
      type: 'Bearer',
      expiresAt: wall + hour,
      scope: 'read',
    });
    expect(rest).toEqual({ start: asked, birth: wall, lifetime: hour, refreshIn: minute, unbound: false });
  });

  test('has a name that stays the same from version to version', async () => {
    expect(await storeKey(['https://login.example.com', { scope: 'read' }])).toBe(
      '9097ee5f14e2946358b80bb4f4b2af2af8c4f9271f99bbae741fcdbaccfd116d',
    );
  });

  test('says nothing where it cannot be read', () => {
    expect(() => readStoredToken({ value: 'token-1' }, expected, asked)).toThrow(/^the entry cannot be read$/);
  });

  test('has no end that its server has not named', () => {
    const { value, type } = issued().token;
    const text = writeStoredToken(
      issued({ token: accessToken({ value, type, expiresAt: undefined, scope: undefined }) }),
      'key',
    );
    const { token } = readStoredToken({ value: text, lifetime: hour }, expected, asked);
    expect([token.expiresAt, token.scope]).toEqual([undefined, undefined]);
  });

  test.each<[what: string, birth: number, left: number | undefined, age: number, bornAt: number]>([
    [
      'is as old as the clock of its reader says, where the store says nothing',
      wall - minute,
      undefined,
      minute,
      -minute,
    ],
    ['is as old as the store says, where that is more', wall - second, hour - minute, minute, -minute],
    ['is as old as the clock of its reader says, where that is more', wall - minute, hour - second, minute, -second],
    ['is not younger than new, by the clock of its reader', wall + second, undefined, 0, second],
    ['is not younger than new, by the store', wall + second, hour + minute, 0, minute],
  ])('%s', (_, birth, left, age, bornAt) => {
    expect(read({ birth }, left)).toMatchObject({
      start: { wall: wall - age, monotonic: 5 * minute - age },
      token: { expiresAt: wall - age + hour },
      birth: wall + bornAt,
    });
  });

  test.each<[what: string, believed: boolean, fields: object, left?: number]>([
    ['of half a minute ahead', true, { birth: wall + 30 * second }],
    ['of more than that ahead', false, { birth: wall + 30 * second + 1 }],
    ['of a day ahead, where the store says what is left', true, { birth: wall + day }, hour],
    ['of more than a day ahead', false, { birth: wall + day + 1 }, hour],
    ['with the longest lifetime', true, { lifetime: longestLifetime }],
    ['with a longer lifetime', false, { lifetime: longestLifetime + 1 }],
    ['with a lifetime', true, { lifetime: 1 }],
    ['without a lifetime', false, { lifetime: 0 }],
    ['that is to be renewed at once', false, { refreshIn: 0 }],
    ['that is to be renewed in a moment', true, { refreshIn: 1 }],
    ['with a scope that is a number', false, { scope: 7 }],
    ['without a scope', true, { scope: undefined }],
  ])('%s is believed: %p', (_, believed, fields, ...left) => {
    expect(isRead(fields, ...left)).toBe(believed);
  });

  test('is not even parsed where its entry has more than 256 k characters', () => {
    const { length } = JSON.stringify({ ...JSON.parse(writeStoredToken(issued(), 'key')), padding: '' });
    expect(isRead({ padding: ' '.repeat(256 * 1024 - length) })).toBe(true);
    expect(isRead({ padding: ' '.repeat(256 * 1024 - length + 1) })).toBe(false);
  });

  test.each([
    ['Bearer', undefined, false],
    ['Bearer', { required: false }, true],
    ['DPoP', { required: false }, false],
    ['DPoP', { required: true }, false],
  ])('of type %s is taken by a source whose key is %j: unbound %p', (type, prover, unbound) => {
    expect(read({ type }, hour, { key: 'key', prover })).toMatchObject({ token: { type }, unbound });
  });

  test.each([
    ['DPoP', undefined],
    ['Bearer', { required: true }],
    ['Basic', { required: false }],
  ])('of type %s is not taken by a source whose key is %j', (type, prover) => {
    expect(isRead({ type }, hour, { key: 'key', prover })).toBe(false);
  });
});

const shareable = (value: string, scope?: string, lifetime = 1): boolean =>
  isShareable(issued({ token: accessToken({ value, type: 'Bearer', expiresAt: undefined, scope }), lifetime }));

describe('a token that is shared', () => {
  test('has as many characters, with its scope, as a header may carry', () => {
    const half = 'x'.repeat(16 * 1024);
    expect([shareable(half + half), shareable(half, half)]).toEqual([true, true]);
    expect([shareable(`${half}${half}x`), shareable(half, `${half}x`)]).toEqual([false, false]);
  });

  test('lives, and has a scope that is text', () => {
    expect([shareable('x', 'a b', 1), shareable('x', 'a b', 0), shareable('x', 'a\nb')]).toEqual([true, false, false]);
  });
});
