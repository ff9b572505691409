import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { tokenline } from './command.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../docs/command-line.md');

test('every option that the README and the page name exists', async () => {
  const helps = await Promise.all(['get', 'inspect', 'doctor'].map((command) => tokenline([command, '--help'])));
  const known = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z-]+/g) ?? []));
  const named = new Set(`${read('../README.md')}${page}`.match(/(?<=[\s`])--[a-z-]+/g));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((option) => !known.has(option))).toEqual([]);
});

test('the page and the help give each status the same meaning', async () => {
  const { stdout } = await tokenline(['doctor', '--help']);
  const statuses = [...page.matchAll(/^\| (\d) \|/gm)].map(([, status]) => status);
  expect(statuses).toEqual([...stdout.matchAll(/^ {2}(\d) {2}/gm)].map(([, status]) => status));
});

test.each(['get', 'inspect', 'doctor'])('the help of %s fits into a terminal of 80 columns', async (command) => {
  const { stdout } = await tokenline([command, '--help']);
  expect(stdout.split('\n').filter(({ length }) => length > 80)).toEqual([]);
});
