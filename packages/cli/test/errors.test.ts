import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const page = read('docs/errors.md');
const sections = new Map(page.split(/^## /m).map((section) => [/^`(\w+)`/.exec(section)?.[1] ?? '', section] as const));
const [, union = ''] = /export type TokenErrorCode =([^;]+);/.exec(read('packages/core/src/common/errors.ts')) ?? [];
const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);

test('the page has a section for every code, and no other', () => {
  expect(codes.length).toBeGreaterThan(0);
  const titles = [...sections.keys()].filter(Boolean);
  expect(titles.toSorted()).toEqual([...codes, 'ERR_INVALID_OPTION'].toSorted());
});

/** The rows of the table of a section: a cause, how to check, and what to do. */
const rowsOf = (code: string): string[][] =>
  (sections.get(code) ?? '')
    .split('\n')
    .filter((line) => /^\| (?!cause)/.test(line))
    .map((line) => line.split('|').slice(1, -1));

/** What the second column of the tables names whose header begins with `who`. */
const checksOf = (code: string, who: 'doctor says' | 'the message says'): string[] =>
  (sections.get(code) ?? '')
    .split(/^\| cause \| /m)
    .filter((table) => table.startsWith(who))
    .flatMap((table) => [...table.matchAll(/^\| [^|]+\|([^|]+)\|/gm)])
    .flatMap(([, check = '']) => [...check.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));

const sources = (pattern: string): string => globSync(pattern, { cwd: root.pathname }).map(read).join('');

test.each([...codes, 'ERR_INVALID_OPTION'])('%s has its usual causes, each with a check and a fix', (code) => {
  const rows = rowsOf(code);
  expect(rows).not.toHaveLength(0);
  const cells = [/\w/, /`/, /\w/].map((pattern) => expect.stringMatching(pattern));
  expect(rows).toEqual(rows.map(() => cells));
});

test.each(codes)('%s is checked by lines that doctor writes', (code) => {
  const doctor = sources('packages/cli/src/{doctor,inspect}/*.ts');
  for (const id of checksOf(code, 'doctor says')) expect(doctor).toContain(`'${id}'`);
});

test('what is checked by the message is what a message says', () => {
  const texts = [...codes, 'ERR_INVALID_OPTION'].flatMap((code) => checksOf(code, 'the message says'));
  expect(texts.length).toBeGreaterThan(10);
  const core = sources('packages/core/src/**/*.ts');
  expect(texts.filter((text) => !core.includes(text))).toEqual([]);
});
