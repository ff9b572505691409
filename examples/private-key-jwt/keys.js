import { readFile } from 'node:fs/promises';

const { KEYS_FILE } = process.env;

/** The private keys, as a JWK Set. The first one signs; the others are those that the server may still know, or not yet. */
export async function privateKeys() {
  const { keys } = JSON.parse(await readFile(KEYS_FILE, 'utf8'));
  return keys;
}

/** What the identity server may know of them. */
export async function publicKeys() {
  const keys = await privateKeys();
  return { keys: keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, use: 'sig' })) };
}
