import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canSendAgain, kindOf } from '../src/common/body.ts';
import { createTokenSource } from '../src/index.ts';

// As in workerd with a compatibility date before 2024-09-26.
const classes = [Headers, URLSearchParams, FormData, Blob, Request, Response].map(
  ({ prototype }) => prototype as object,
);
const tags = classes.map((each) => Object.getOwnPropertyDescriptor(each, Symbol.toStringTag));

beforeAll(() => {
  for (const each of classes) Reflect.deleteProperty(each, Symbol.toStringTag);
});

afterAll(() => {
  for (const [index, tag] of tags.entries()) if (tag) Object.defineProperty(classes[index]!, Symbol.toStringTag, tag);
});

test('bodies are known by their classes where classes have no tags', () => {
  expect([new URLSearchParams(), new FormData(), new Blob()].map(kindOf)).toEqual([
    'URLSearchParams',
    'FormData',
    'Blob',
  ]);
  expect(canSendAgain(new FormData())).toBe(true);
  expect(canSendAgain({})).toBe(false);
});

test('a token can be had where classes have no tags', async () => {
  const source = createTokenSource({
    tokenEndpoint: 'https://login.example.com/token',
    clientId: 'orders',
    clientSecret: 's3cret',
    headers: { 'x-gateway': 'key' },
    fetch: async (_url, init) =>
      Response.json({
        access_token: new Headers(init?.headers).get('x-gateway'),
        token_type: 'Bearer',
        expires_in: 60,
      }),
  });
  expect((await source.getToken()).value).toBe('key');
});
