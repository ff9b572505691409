import { expect, test } from '@jest/globals';
import got, { type Got } from 'got';
import oldestGot from 'got-oldest';
import ky, { type KyInstance } from 'ky';
import oldestKy from 'ky-oldest';
import * as undici from 'undici';
import type { AdapterUnderTest } from '../src/adapter.ts';
import { describeFaults, hidden } from '../src/fault-contract.ts';
import { clientSecret, faults, tokenValue } from '../src/faults.ts';
import { installedVersion } from '../src/installed-version.ts';
import { gotAdapter } from './drivers/got.ts';
import { ky1, ky2, kyAdapter } from './drivers/ky.ts';
import { undiciAdapter } from './drivers/undici.ts';

const adapters: readonly AdapterUnderTest[] = [
  gotAdapter(`got ${installedVersion('got', import.meta.url)}`, got),
  gotAdapter(`got ${installedVersion('got-oldest', import.meta.url)}`, oldestGot as unknown as Got),
  kyAdapter(`ky ${installedVersion('ky', import.meta.url)}`, ky, ky2),
  kyAdapter(`ky ${installedVersion('ky-oldest', import.meta.url)}`, oldestKy as unknown as KyInstance, ky1),
  undiciAdapter(`undici ${installedVersion('undici', import.meta.url)}`, undici),
];

for (const adapter of adapters) describeFaults(adapter);

test('every secret of the table is in the answers that are to repeat it', () => {
  expect(hidden).not.toContain(clientSecret);
  expect(encodeURIComponent(clientSecret)).toContain(hidden[0]);
  expect(tokenValue).toContain(hidden[1]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
