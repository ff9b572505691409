import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

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

describe.each(codes)('%s', (code) => {
  const section = sections.get(code) ?? '';
  const rows = section.split('\n').filter((line) => /^\| (?!cause)/.test(line));

  test('has its usual causes', () => {
    expect(rows).not.toHaveLength(0);
  });

  test('names lines that doctor writes', () => {
    const doctor = globSync('packages/cli/src/{doctor,inspect}/*.ts', { cwd: root.pathname }).map(read).join('');
    const named = rows.flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([a-z-]+)`/g)]);
    expect(named).not.toHaveLength(0);
    for (const [, id = ''] of named) expect(doctor).toContain(`'${id}'`);
  });
});
