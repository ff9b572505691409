import { expect, test } from '@jest/globals';
import { joinHeaders, readHeader } from '../src/requests/headers.ts';

test.each<[string, object | undefined]>([
  ['a Headers', new Headers({ 'X-Name': 'value' })],
  ['an object', { accept: '*/*', 'X-Name': 'value' }],
  ['an object that says it twice', { 'X-Name': undefined, 'x-name': 'value' }],
  ['a Map', new Map([['X-Name', 'value']])],
  [
    'pairs',
    [
      ['accept', 'x-name'],
      ['X-Name', 'value'],
    ],
  ],
  ['a flat list', ['accept', 'x-name', 'X-NAME', 'value']],
  ['a flat list with a list in it', ['accept', ['a', 'b'], 'X-Name', 'value']],
  ['a list of bytes', [Buffer.from('X-Name'), 'value']],
])('a header is read from %s, however it is spelled', (_, headers) => {
  expect(readHeader(headers, 'x-name')).toBe('value');
  expect(readHeader(headers, 'x-nam')).toBeUndefined();
});

test('a header that was sent more than once is all of its values', () => {
  expect(readHeader({ 'www-authenticate': ['Basic', 'Bearer'] }, 'www-authenticate')).toBe('Basic,Bearer');
  expect(readHeader({ get: () => ['Basic', 'Bearer'] }, 'www-authenticate')).toBe('Basic,Bearer');
});

test('a header takes the place of one by its name, in any spelling', () => {
  const headers = { Accept: '*/*', Authorization: undefined, AUTHORIZATION: '' };
  expect(joinHeaders(headers, { authorization: 'Bearer a' })).toEqual({ Accept: '*/*', authorization: 'Bearer a' });
  expect(headers).toHaveProperty('AUTHORIZATION', '');
  expect(joinHeaders({ constructor: 'a' }, { dpop: 'proof' })).toEqual({ constructor: 'a', dpop: 'proof' });
  expect(joinHeaders(undefined, { dpop: 'proof' })).toEqual({ dpop: 'proof' });
});
