import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { CompactEncrypt } from 'jose';
import { Encryption } from '../src/encryption.ts';
import { Plaintext } from '../src/plaintext.ts';

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const one = new Encryption([key(1)]);

test('what was encrypted is decrypted', async () => {
  expect(await one.open('name', await one.seal('name', 'open sesame 🐎'))).toBe('open sesame 🐎');
});

test('it is a JWE with AES-256-GCM that shows its name and the thumbprint of its key, and nothing else', async () => {
  const jwk = `{"k":"${Buffer.alloc(32, 1).toString('base64url')}","kty":"oct"}`;
  const [header = '', ...rest] = (await one.seal('name', 'open sesame')).split('.');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    alg: 'dir',
    enc: 'A256GCM',
    kid: createHash('sha256').update(jwk).digest('base64url'),
    name: 'name',
  });
  expect(Buffer.from(rest.join(''), 'base64url').toString('latin1')).not.toContain('sesame');
});

test('the same text never looks the same', async () => {
  expect(await one.seal('name', 'text')).not.toBe(await one.seal('name', 'text'));
});

test('what was moved to another name is not decrypted', async () => {
  const text = await one.seal('name', 'text');
  await expect(one.open('other', text)).rejects.toThrow('for another name');
  const [, ...rest] = text.split('.');
  const [header] = (await one.seal('other', 'text')).split('.');
  await expect(one.open('other', [header, ...rest].join('.'))).rejects.toThrow('decryption operation failed');
});

test('what was encrypted with another key is not decrypted', async () => {
  await expect(new Encryption([key(2)]).open('name', await one.seal('name', 'text'))).rejects.toThrow('another key');
});

test.each([0, 2, 3, 4])('what was tampered with is not decrypted (part %i)', async (part) => {
  const parts = (await one.seal('name', 'text')).split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  parts[part] = bytes.toString('base64url');
  await expect(one.open('name', parts.join('.'))).rejects.toThrow(Error);
});

test.each(['', 'text', '{"version":1}', '....', 'e30.e30.e30.e30.e30'])('%p is not decrypted', async (text) => {
  await expect(one.open('name', text)).rejects.toThrow('JWE');
});

test.each([
  ['dir', 'A128CBC-HS256'],
  ['A256KW', 'A256GCM'],
])('what was encrypted with the same key by %s and %s is not decrypted', async (alg, enc) => {
  const [header = ''] = (await one.seal('name', 'text')).split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const text = await new CompactEncrypt(new TextEncoder().encode('text'))
    .setProtectedHeader({ alg, enc, kid, name: 'name' })
    .encrypt(key(1));
  await expect(one.open('name', text)).rejects.toThrow('not allowed');
});

test('what is not encrypted belongs to its name alone, too', async () => {
  const plain = new Plaintext();
  const text = await plain.seal('name', 'text');
  expect(await plain.open('name', text)).toBe('text');
  await expect(plain.open('other', text)).rejects.toThrow('it belongs to another name');
});

test('the first of several keys encrypts, and all decrypt', async () => {
  const both = new Encryption([key(2), key(1)]);
  expect(await both.open('name', await one.seal('name', 'old'))).toBe('old');
  expect(await new Encryption([key(2)]).open('name', await both.seal('name', 'new'))).toBe('new');
});
