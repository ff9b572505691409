import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { reportOf } from '../report.ts';
import { differences } from '../reports.ts';

async function report(types: string, index = `export { type A as Answer, ask } from './types.js';`): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenline-api-'));
  try {
    writeFileSync(join(folder, 'types.d.ts'), types);
    writeFileSync(join(folder, 'index.d.ts'), index);
    return await reportOf(join(folder, 'index.d.ts'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const types = `
  /** How to ask. */
  interface Question { readonly text: string; readonly kind?: 'open' | undefined }
  interface A { readonly text: string }
  declare function ask(question: Question): A;
  interface Unused { readonly text: string }
  export { A, ask };`;

test('a report has all types that users meet, exported or not, and no others', async () => {
  expect(await report(types)).toBe(`interface A {
    readonly text: string;
}

interface Question {
    readonly text: string;
    readonly kind?: 'open' | undefined;
}

declare function ask(question: Question): A;

export type { A as Answer };

export { ask };
`);
});

test('a comment and the order of declarations change no report', async () => {
  const rewritten = `
    declare function ask(question: Question): A;
    interface A { readonly text: string }
    interface Question { readonly text: string; /** @defaultValue none */ readonly kind?: 'open' | undefined }
    export { A, ask };`;
  expect(await report(rewritten)).toBe(await report(types));
});

test.each([
  ['a new property', `readonly text: string }`, `readonly text: string; readonly more?: string }`],
  ['another type of a property', `'open' | undefined`, `'open' | 'closed' | undefined`],
  ['another parameter', `question: Question`, `question?: Question`],
  ['a property of a type that is not exported', `readonly kind?: 'open' | undefined`, ``],
])('%s changes a report', async (_, from, to) => {
  expect(types).toContain(from);
  expect(await report(types.replace(from, to))).not.toBe(await report(types));
});

test('what is added to the types of a client is part of a report', async () => {
  const augmentation = `declare module 'axios' { interface AxiosRequestConfig { bearerAuth?: false } }`;
  expect(await report(types, `${augmentation}\nexport * from './types.js';`)).toContain('bearerAuth?: false');
});

test('what other packages export is named, not copied', async () => {
  expect(await report(types, `export * from '@tokenline/core';`)).toBe(`export * from '@tokenline/core';\n`);
});

test('a report that is new, changed or gone is a difference', () => {
  const kept = new Map(Object.entries({ same: 'a', changed: 'b', gone: 'c' }));
  const current = new Map(Object.entries({ same: 'a', changed: 'd', 'brand-new': 'e' }));
  expect(differences(kept, current)).toEqual(['brand-new', 'changed', 'gone']);
});
