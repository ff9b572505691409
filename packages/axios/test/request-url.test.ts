import { expect, test } from '@jest/globals';
import { expectLinearTime } from '../../core/test/linear-time.ts';
import { requestUrl } from '../src/request-url.ts';

test.each<[string | undefined, string | undefined, string]>([
  ['https://api.example.com', 'orders', 'https://api.example.com/orders'],
  ['https://api.example.com///', '//orders', '//orders'],
  ['https://api.example.com/a//b//', '/orders', 'https://api.example.com/a//b/orders'],
  ['https://api.example.com/', '', 'https://api.example.com/'],
  ['https://api.example.com/', undefined, 'https://api.example.com/'],
  ['https://api.example.com', ' //elsewhere.example.com', ' //elsewhere.example.com'],
  [undefined, '/orders', '/orders'],
])('%s and %s make %s', (baseURL, url, expected) => {
  expect(requestUrl({ ...(baseURL && { baseURL }), ...(url !== undefined && { url }) })).toBe(expected);
});

test('a base URL of many slashes takes linear time', () => {
  expectLinearTime((count) => {
    requestUrl({ baseURL: `https://api.example.com${'/'.repeat(count)}x`, url: 'orders' });
    requestUrl({ baseURL: 'https://api.example.com', url: `${'a/'.repeat(count / 2)}x` });
    requestUrl({ baseURL: `https://api.example.com${'/'.repeat(count)}`, url: `/${' '.repeat(count)}x` });
  }, 128_000);
});
