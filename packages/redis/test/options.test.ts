import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { redisStore, type RedisStoreOptions } from '../src/index.ts';
import { newKey } from './redis.ts';

const client = { eval: async () => null };
const secret = newKey();

/** What is thrown. */
function misuse(options: unknown): unknown {
  try {
    return redisStore(options as RedisStoreOptions);
  } catch (error) {
    return error;
  }
}

test.each<[what: string, options: unknown, named: string]>([
  ['nothing', undefined, 'options'],
  ['an option that does not exist', { client, encryptionKey: secret, ttl: 1 }, 'redisStore has no option "ttl"'],
  ['no client', { encryptionKey: secret }, 'client'],
  ['a client that is a URL', { client: 'redis://localhost', encryptionKey: secret }, 'client'],
  ['neither a key nor plaintext', { client }, 'plaintext: true'],
  ['a key that is undefined', { client, encryptionKey: undefined }, 'encryptionKey'],
  ['a key and several', { client, encryptionKey: secret, encryptionKeys: [secret] }, 'either'],
  ['a key and plaintext', { client, encryptionKey: secret, plaintext: true }, 'either'],
  ['plaintext that is false', { client, encryptionKey: secret, plaintext: false }, 'plaintext must be true'],
  ['plaintext that is text', { client, plaintext: 'yes' }, 'plaintext must be true'],
  ['a short key', { client, encryptionKey: secret.slice(4) }, 'encryptionKey must be 32 bytes'],
  ['a long key', { client, encryptionKey: `${secret}${secret}` }, 'encryptionKey'],
  ['a passphrase', { client, encryptionKey: 'correct horse battery staple, and then some' }, 'encryptionKey'],
  ['a key of 16 bytes', { client, encryptionKey: new Uint8Array(16) }, 'encryptionKey'],
  ['a key that is null', { client, encryptionKey: null }, 'encryptionKey'],
  ['no keys', { client, encryptionKeys: [] }, 'encryptionKeys'],
  ['keys that are a text', { client, encryptionKeys: secret }, 'encryptionKeys'],
  ['keys with a bad one', { client, encryptionKeys: [secret, 'x'] }, 'encryptionKeys must be 32 bytes'],
  ['a prefix that is a number', { client, encryptionKey: secret, prefix: 7 }, 'prefix'],
  ['a timeout of nothing', { client, encryptionKey: secret, timeout: 0 }, 'timeout'],
  ['a timeout that is text', { client, encryptionKey: secret, timeout: '500' }, 'timeout'],
])('%s is refused by name', (_, options, named) => {
  const refusal = { name: 'TypeError', code: 'ERR_INVALID_OPTION', message: expect.stringContaining(named) };
  const error = misuse(options);
  expect(error).toMatchObject(refusal);
  expect(inspect(error)).not.toContain(secret.slice(4));
});

describe('a key', () => {
  test.each<[what: string, key: string | Uint8Array]>([
    ['base64', secret],
    ['base64url', Buffer.from(secret, 'base64').toString('base64url')],
    ['bytes', new Uint8Array(32)],
    ['a Buffer', Buffer.alloc(32)],
  ])('may be %s', (_, encryptionKey) => {
    expect(redisStore({ client, encryptionKey })).toHaveProperty('store.timeout', 500);
  });

  test('is nowhere to be seen', () => {
    for (const store of [
      redisStore({ client, encryptionKey: secret }),
      redisStore({ client, encryptionKeys: [secret] }),
    ]) {
      const shown = inspect(store, { depth: Infinity, showHidden: true }) + JSON.stringify(store);
      expect(shown).not.toContain(secret);
      expect(shown).not.toMatch(/Uint8Array|CryptoKey/);
    }
  });
});

test('plaintext counts only where the options themselves have it, and not all objects', () => {
  Object.assign(Object.prototype, { plaintext: true });
  try {
    expect(misuse({ client })).toHaveProperty('code', 'ERR_INVALID_OPTION');
  } finally {
    Reflect.deleteProperty(Object.prototype, 'plaintext');
  }
});
