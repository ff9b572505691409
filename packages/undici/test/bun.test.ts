import { afterEach, expect, test } from '@jest/globals';
import { bearerAuth, createTokenSource } from '../src/index.ts';

afterEach(() => void Reflect.deleteProperty(globalThis, 'Bun'));

test('the stub that Bun has in place of undici is named, and what to use instead', () => {
  const source = createTokenSource({ issuer: 'https://login.example.com', clientId: 'orders', clientSecret: 's3cret' });
  const attach = (): unknown => bearerAuth({} as never, source, { origins: ['https://api.example.com'] });
  expect(attach).toThrow('bearerAuth needs an undici dispatcher as its first argument');
  Reflect.set(globalThis, 'Bun', {});
  expect(attach).toThrow(
    'bearerAuth needs an undici dispatcher (Bun has a stub in place of undici: use @tokenline/fetch there) as its first argument',
  );
});
