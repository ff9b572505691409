import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const source = new URL('../src/', import.meta.url);

// From the ground up: a file imports only from its own room and from those before it. So the life of a token (lifecycle),
// and how processes share it (fleet), know nothing of OAuth (credentials, server).
const rooms = ['common', 'lifecycle', 'fleet', 'credentials', 'server', 'source', 'requests'];
const faces = ['index.ts', 'adapter.ts'];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string): string => readFileSync(new URL(file, source), 'utf8');
const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** The files that a file imports, from the folder of all sources. */
const importsOf = (file: string, pattern = /from '(\.{1,2}\/.+)'/g): string[] =>
  [...textOf(file).matchAll(pattern)].map(([, to = '']) =>
    new URL(to, new URL(file, source)).href.slice(source.href.length),
  );

/** How many files of its room a file stands on, itself included. */
const floorOf = (file: string, above: readonly string[] = []): number => {
  expect(above).not.toContain(file);
  const below = importsOf(file).filter((other) => roomOf(other) === roomOf(file));
  return 1 + Math.max(0, ...below.map((other) => floorOf(other, [...above, file])));
};

/** What a bundler takes along with a file. */
const shippedWith = (file: string): string[] => {
  return [file, ...importsOf(file, /^import (?!type )[^;]*? from '(\.{1,2}\/.+)';/gm).flatMap(shippedWith)];
};

const requests = ['requests/authorizer.ts', 'common/body.ts'];
const mainJob = ['source/client-token-source.ts', ...requests].flatMap(shippedWith);
const customJob = ['source/custom-token-source.ts', ...requests].flatMap(shippedWith);

test('every file is in a room, or is one of the two faces', () => {
  expect([...new Set(files.map(roomOf))].toSorted()).toEqual([...rooms, ...faces].toSorted());
});

describe.each(files)('%s', (file) => {
  test('imports only from its own room and from those before it', () => {
    const room = rooms.indexOf(roomOf(file));
    const allowed = room === -1 ? rooms : rooms.slice(0, room + 1);
    expect(importsOf(file).filter((other) => !allowed.includes(roomOf(other)))).toEqual([]);
  });

  test('is part of no circle, and on the fifth floor of its room at most', () => {
    expect(floorOf(file)).toBeLessThanOrEqual(5);
  });

  test('holds one noun: 150 lines or fewer', () => {
    expect(textOf(file).split('\n').length - 1).toBeLessThanOrEqual(150);
  });

  test('knows nothing of Node', () => {
    expect(textOf(file)).not.toMatch(/from 'node:|require\(/);
  });
});

test.each([
  'credentials/proof-key.ts',
  'requests/next-hop.ts',
  'fleet/shared-store.ts',
  'credentials/private-key-jwt.ts',
  'credentials/client-assertion.ts',
  'credentials/jwt-bearer.ts',
  'credentials/token-exchange.ts',
  'credentials/refresh-token.ts',
  'source/custom-token-source.ts',
])('%s brings its own code: nobody who does without it ships it', (file) => {
  expect(mainJob).toContain('common/errors.ts');
  expect(mainJob).not.toContain(file);
});

test('a custom source ships nothing of OAuth', () => {
  expect(customJob).toContain('lifecycle/token-lifecycle.ts');
  expect(customJob.filter((file) => ['credentials', 'server'].includes(roomOf(file)))).toEqual([]);
});
