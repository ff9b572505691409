import { calculateJwkThumbprint, CompactEncrypt, compactDecrypt, type CompactJWEHeaderParameters } from 'jose';

/** 256 bits: the bytes, or their base64 or base64url. */
export type EncryptionKey = string | Uint8Array;

/** A key with its name. */
interface NamedKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * What is stored under a name, encrypted with AES-256-GCM, and good under that name alone: it is part of what the
 * encryption vouches for.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516.html | RFC 7516}
 */
export class Encryption {
  readonly #keys: Promise<readonly NamedKey[]>;

  /** @param keys - one or more: the first one encrypts, all decrypt. */
  constructor(keys: readonly Uint8Array[]) {
    this.#keys = Promise.all(keys.map(async (bytes) => ({ id: await thumbprint(bytes), bytes })));
    // Whoever uses the keys learns of their failure.
    this.#keys.catch(() => {});
  }

  async seal(name: string, text: string): Promise<string> {
    const [key] = (await this.#keys) as [NamedKey];
    return new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id, name })
      .encrypt(key.bytes);
  }

  /** @throws Error where it was encrypted with another key, for another name, or was tampered with. */
  async open(name: string, text: string): Promise<string> {
    const keys = await this.#keys;
    const keyOf = ({ kid }: CompactJWEHeaderParameters): Uint8Array => {
      const key = keys.find(({ id }) => id === kid);
      if (key === undefined) throw new Error('it was encrypted with another key');
      return key.bytes;
    };
    const limits = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    const { plaintext, protectedHeader } = await compactDecrypt(text, keyOf, limits);
    if (protectedHeader['name'] !== name) throw new Error('it was encrypted for another name');
    return new TextDecoder().decode(plaintext);
  }
}

/** The bytes of a key; `undefined` where they are not 256 bits. */
export function readEncryptionKey(key: unknown): Uint8Array | undefined {
  const bytes = typeof key === 'string' ? decode(key) : key;
  // A copy, so that whoever wipes the original does not wipe this.
  return bytes instanceof Uint8Array && bytes.byteLength === 32 ? Uint8Array.from(bytes) : undefined;
}

function decode(text: string): Uint8Array | undefined {
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** RFC 7638: the same for all who have the key, and no help in finding it. */
function thumbprint(bytes: Uint8Array): Promise<string> {
  return calculateJwkThumbprint({ kty: 'oct', k: Buffer.from(bytes).toString('base64url') });
}
