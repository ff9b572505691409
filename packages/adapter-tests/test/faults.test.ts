import { expect, test } from '@jest/globals';
import { hidden } from '../src/fault-contract.ts';
import { clientSecret, faults, tokenValue } from '../src/faults.ts';

test('every secret of the table is in the answers that are to repeat it', () => {
  expect(hidden).not.toContain(clientSecret);
  expect(encodeURIComponent(clientSecret)).toContain(hidden[0]);
  expect(tokenValue).toContain(hidden[1]);
  expect(faults.length).toBeGreaterThanOrEqual(60);
});
