import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { Generated } from './generated.ts';
import { codeFor, folderOf, snippets } from './page.ts';
import { groups } from './sdks/groups.ts';

const compile = promisify(execFile);
const compiler = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname;
const options = ['--noEmit', '--ignoreConfig', '--allowImportingTsExtensions', '--strict', '--skipLibCheck'];
const settings = ['--module', 'preserve', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable', '--types', 'node'];

const folder = folderOf('types');
const [withAxios, withFetch] = [new Generated('typed-orders'), new Generated('typed-orders-fetch')];
afterAll(() => Promise.all([folder.remove(), withAxios.remove(), withFetch.remove()]));

test('everything on the page type-checks', async () => {
  await withAxios.write('https://api.example.com', 'axios');
  await withFetch.write('https://api.example.com', 'fetch');
  const taking = groups.flatMap(([client, sdks]) => sdks.map((sdk) => codeFor(sdk, client)));
  const others = ['SDKs that take only a token', 'For SDK authors'].map((heading) => snippets.get(heading) ?? '');
  const files = [];
  for (const code of [...taking, ...others])
    files.push(await folder.write({ heading: 'types', code }, { './orders': '../typed-orders' }));
  const failure = await compile(process.execPath, [compiler, ...options, ...settings, ...files]).then(
    () => undefined,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
  expect(failure).toBeUndefined();
});
