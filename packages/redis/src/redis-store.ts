import { type SharedStore, sharedStore, type StoredValue, type TokenStore } from '@tokenline/core';
import { invalidOption, readDuration, readOptions } from '@tokenline/core/adapter';
import { Connection, type RedisClient } from './connection.ts';
import { Encryption, type EncryptionKey, readEncryptionKey } from './encryption.ts';
import { Plaintext } from './plaintext.ts';
import { getValue, leaseKey, releaseKey, setValue } from './scripts.ts';

/** What makes a value good under one name alone. */
type Seal = Encryption | Plaintext;

/** The options of {@link redisStore}. Give `encryptionKey`, `encryptionKeys` or `plaintext`. */
export interface RedisStoreOptions {
  /**
   * A client of `redis` or of `ioredis`, which you connect and close. It may be one that your application already has.
   */
  readonly client: RedisClient;
  /**
   * The key that encrypts tokens before they leave the process: 32 random bytes, or their base64 as
   * `openssl rand -base64 32` prints it. All processes need the same key.
   */
  readonly encryptionKey?: EncryptionKey | undefined;
  /**
   * Several keys, to change the key while processes run: the first one encrypts, all of them decrypt. Give the new key to all
   * processes in the second place, then move it to the first, then leave the old one out.
   */
  readonly encryptionKeys?: readonly EncryptionKey[] | undefined;
  /**
   * `true` stores tokens unencrypted: everybody who can read from Redis, or from a backup, can use them, and everybody who can
   * write to Redis decides which tokens your processes send.
   * @defaultValue not set: a key is required
   */
  readonly plaintext?: true | undefined;
  /**
   * The prefix of the names of all keys in Redis. A value that was copied from another prefix counts as missing.
   * @defaultValue `'tokenline:'`
   */
  readonly prefix?: string | undefined;
  /**
   * How many milliseconds Redis may take for one command before the process goes on without it.
   * @defaultValue 500
   */
  readonly timeout?: number | undefined;
}

/**
 * Shares tokens between processes through Redis or Valkey. Pass it to `createTokenSource` as `store`: all processes
 * together then make one token request.
 *
 * No process depends on Redis. While it is down, slow or full, each process acquires its own token, and the source emits an
 * event; when Redis is back, sharing resumes. A value that cannot be decrypted, or was copied from another name, counts as
 * missing.
 *
 * @example
 * ```ts
 * const client = createClient({ url: 'redis://localhost:6379' });
 * const store = redisStore({ client, encryptionKey: process.env.TOKEN_KEY });
 * client.connect().catch(console.error); // not awaited: a process starts without Redis, too
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is missing, malformed, contradicts another or does not
 * exist.
 */
export function redisStore(options: RedisStoreOptions): SharedStore {
  const names = ['client', 'encryptionKey', 'encryptionKeys', 'plaintext', 'prefix', 'timeout'] as const;
  const own = readOptions('redisStore', options, names);
  const { client, prefix = 'tokenline:', timeout = 500 } = own;
  if (typeof client?.eval !== 'function') throw invalidOption('client must be a client of redis or of ioredis');
  if (typeof prefix !== 'string') throw invalidOption('prefix must be a string');
  readDuration('timeout', timeout, 1);
  return sharedStore(new RedisStore(new Connection(client, timeout), readSeal(own), prefix, timeout));
}

function readSeal({ encryptionKey, encryptionKeys, plaintext }: RedisStoreOptions): Seal {
  if (![undefined, true].includes(plaintext)) throw invalidOption('plaintext must be true, or be left out');
  const given = [encryptionKey, encryptionKeys, plaintext].filter((option) => option !== undefined);
  if (given.length !== 1) {
    const advice = 'plaintext: true stores tokens as they are';
    throw invalidOption(`give either encryptionKey or encryptionKeys, to encrypt what is stored; ${advice}`);
  }
  if (plaintext) return new Plaintext();
  const keys = encryptionKeys ?? [encryptionKey];
  if (!Array.isArray(keys) || keys.length === 0) throw invalidOption('encryptionKeys must be a list with a key in it');
  const name = encryptionKeys === undefined ? 'encryptionKey' : 'encryptionKeys';
  return new Encryption(
    keys.map((key: unknown) => {
      const bytes = readEncryptionKey(key);
      if (bytes === undefined) {
        throw invalidOption(`${name} must be 32 bytes, or their base64: "openssl rand -base64 32" makes one`);
      }
      return bytes;
    }),
  );
}

class RedisStore implements TokenStore {
  readonly timeout: number;
  readonly authentic: boolean;
  readonly #connection: Connection;
  readonly #seal: Seal;
  readonly #prefix: string;

  constructor(connection: Connection, seal: Seal, prefix: string, timeout: number) {
    this.timeout = timeout;
    this.authentic = seal instanceof Encryption;
    this.#connection = connection;
    this.#seal = seal;
    this.#prefix = prefix;
  }

  async get(key: string): Promise<StoredValue | undefined> {
    const name = this.#valueKey(key);
    const found = await this.#connection.run(getValue, name);
    if (!Array.isArray(found)) return undefined;
    const [text, lifetime] = found as [string, unknown];
    return { value: await this.#open(name, text), lifetime: Number(lifetime) };
  }

  async set(key: string, value: string, lifetime: number): Promise<void> {
    const name = this.#valueKey(key);
    await this.#connection.run(setValue, name, await this.#seal.seal(name, value), `${lifetime}`);
  }

  async lease(key: string, owner: string, duration: number): Promise<boolean> {
    // Some clients are told to give numbers as text.
    return Number(await this.#connection.run(leaseKey, this.#leaseKey(key), owner, `${duration}`)) === 1;
  }

  async release(key: string, owner: string): Promise<void> {
    await this.#connection.run(releaseKey, this.#leaseKey(key), owner);
  }

  async #open(name: string, text: string): Promise<string> {
    try {
      return await this.#seal.open(name, text);
    } catch {
      // It need not even be text. What jose says of it could hold some of it.
      throw unreadable();
    }
  }

  #valueKey(key: string): string {
    return `${this.#prefix}token:${key}`;
  }

  #leaseKey(key: string): string {
    return `${this.#prefix}lease:${key}`;
  }
}

/** What the source takes for a miss. */
function unreadable(): Error {
  return Object.assign(new Error('the entry cannot be read'), { code: 'ERR_STORE_ENTRY' });
}
