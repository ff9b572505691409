import { expect, test } from '@jest/globals';
import { typeErrors } from './example.ts';
import { testService } from './service.ts';

// Miniflare ends by itself, with the status of a signal.
testService('cloudflare-worker', { end: { status: 143, signal: null } });

test('the types are right', async () => {
  expect(await typeErrors('cloudflare-worker')).toBe('');
});
