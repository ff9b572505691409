import { expect, test } from '@jest/globals';
import got, { type Got } from 'got';
import oldestGot from 'got-oldest';
import * as undici from 'undici';
import type { AdapterUnderTest } from '../src/adapter.ts';
import { describeFaults, hidden } from '../src/fault-contract.ts';
import { clientSecret, faults, tokenValue } from '../src/faults.ts';
import { installedVersion } from '../src/installed-version.ts';
import { gotAdapter } from './drivers/got.ts';
import { undiciAdapter } from './drivers/undici.ts';

const adapters: readonly AdapterUnderTest[] = [
  gotAdapter(`got ${installedVersion('got', import.meta.url)}`, got),
  gotAdapter(`got ${installedVersion('got-oldest', import.meta.url)}`, oldestGot as unknown as Got),
  undiciAdapter(`undici ${installedVersion('undici', import.meta.url)}`, undici),
];

for (const adapter of adapters) describeFaults(adapter);

test('every secret of the table is in the answers that are to repeat it', () => {
  expect(hidden).not.toContain(clientSecret);
  expect(encodeURIComponent(clientSecret)).toContain(hidden[0]);
  expect(tokenValue).toContain(hidden[1]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
