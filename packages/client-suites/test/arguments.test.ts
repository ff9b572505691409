import { expect, test } from '@jest/globals';
import { readArguments } from '../src/arguments.ts';

const suites = [
  { name: 'ky', client: 'ky' },
  { name: 'undici', client: 'undici' },
  { name: 'undici-own', client: 'undici' },
];
const read = (...list: string[]): ReturnType<typeof readArguments> => readArguments(list, suites);

test('several checkouts of a client are kept apart', () => {
  expect(read('ky', '--checkout', 'ky=/a', '--checkout', 'ky=/b=c', '--only', 'hooks', '--limit', '5')).toEqual({
    names: ['ky'],
    checkouts: [
      { client: 'ky', folder: '/a' },
      { client: 'ky', folder: '/b=c' },
    ],
    only: 'hooks',
    limit: 5_000,
  });
});

test('without arguments, all suites are meant, and no checkout', () => {
  expect(read()).toEqual({ names: [], checkouts: [], only: '', limit: 300_000 });
});

test.each([
  [['superagent'], 'there is no suite of superagent: choose from ky, undici, undici-own'],
  [['--checkout', '/a'], '--checkout is <client>=<folder>'],
  [['--checkout', 'ky='], '--checkout is <client>=<folder>'],
  [['--checkout', 'undici-own=/a'], 'clients are ky, undici'],
  [['--limit', 'none'], '--limit is a number of seconds'],
  [['--limit', '0'], '--limit is a number of seconds'],
])('%j is refused', (list, sentence) => {
  expect(() => read(...list)).toThrow(sentence);
});
