import { expect, test } from '@jest/globals';
import { attachedFor, entryFor, type Redirection } from '../src/redirect/redirection.ts';

const redirection: Redirection = {
  client: 'ky',
  entries: ['file:///copy/source/index.ts', 'file:///copy/index.js'],
  tests: 'file:///copy/test/',
  attached: 'file:///attached.ts',
};

test.each(redirection.entries)('a test gets the attached client for %s', (entry) => {
  expect(attachedFor(redirection, entry, 'file:///copy/test/helpers/server.ts')).toBe(redirection.attached);
  expect(attachedFor(redirection, `${entry}?version=2`, 'file:///copy/test/hooks.ts')).toBe(redirection.attached);
});

test('the client gets its own files, and a test the other files of the client', () => {
  expect(attachedFor(redirection, 'file:///copy/source/index.ts', 'file:///copy/source/core/ky.ts')).toBeUndefined();
  expect(attachedFor(redirection, 'file:///copy/source/errors.ts', 'file:///copy/test/hooks.ts')).toBeUndefined();
});

test('only our own code gets the client under test by its name', () => {
  const ours = new URL('../src/attach/ky.ts', import.meta.url).href;
  expect(entryFor(redirection, 'ky', ours)).toBe('file:///copy/source/index.ts');
  expect(entryFor(redirection, 'got', ours)).toBeUndefined();
  expect(entryFor(redirection, 'ky', 'file:///copy/node_modules/plugin/index.js')).toBeUndefined();
});
