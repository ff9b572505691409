import { expect, test } from '@jest/globals';
import * as undici from 'undici';
import type { AdapterUnderTest } from '../src/adapter.ts';
import { describeFaults, hidden } from '../src/fault-contract.ts';
import { clientSecret, faults, tokenValue } from '../src/faults.ts';
import { installedVersion } from '../src/installed-version.ts';
import { undiciAdapter } from './drivers/undici.ts';

const adapters: readonly AdapterUnderTest[] = [
  undiciAdapter(`undici ${installedVersion('undici', import.meta.url)}`, undici),
];

for (const adapter of adapters) describeFaults(adapter);

test('every secret of the table is in the answers that are to repeat it', () => {
  expect(hidden).not.toContain(clientSecret);
  expect(encodeURIComponent(clientSecret)).toContain(hidden[0]);
  expect(tokenValue).toContain(hidden[1]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
