import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClientTokenSource, createTokenSource, type TokenEvent, type TokenSourceOptions } from '@tokenline/core';
import { redisStore, type RedisStoreOptions } from '../src/index.ts';
import { connectClient, hasRedis, newKey, newPrefix, type NodeRedis, titleOf } from './redis.ts';

type Process = ClientTokenSource & { readonly types: () => string[] };

/** The machine may have other things to do: nobody is to give Redis up. */
const patient = 60_000;
const sources: ClientTokenSource[] = [];
afterEach(() => Promise.all(sources.splice(0).map((source) => source[Symbol.asyncDispose]())));

/** Processes that share a Redis, their identity server, and somebody who can read and write all that is in Redis. */
class Scene {
  readonly attacker: NodeRedis;
  readonly prefix: string = newPrefix();
  requests = 0;
  readonly #options: Partial<RedisStoreOptions>;

  private constructor(attacker: NodeRedis, options: Partial<RedisStoreOptions>) {
    this.attacker = attacker;
    this.#options = options;
  }

  static async open(options: Partial<RedisStoreOptions>): Promise<Scene> {
    return new Scene(await connectClient(), options);
  }

  /** A process that has just started. */
  async start(options: Partial<TokenSourceOptions> = {}, store: Partial<RedisStoreOptions> = {}): Promise<Process> {
    const events: TokenEvent[] = [];
    const client = await connectClient();
    const source = createTokenSource({
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'orders',
      clientSecret: 's3cret',
      timeout: 2 * patient,
      store: redisStore({ client, prefix: this.prefix, timeout: patient, ...this.#options, ...store }),
      fetch: async () =>
        Response.json({ access_token: `token-${++this.requests}`, token_type: 'Bearer', expires_in: 3600 }),
      onEvent: (event) => events.push(event),
      ...options,
    });
    sources.push(source);
    const types = (): string[] => events.splice(0).map((event) => ('reason' in event ? event.reason : event.type));
    return Object.assign(source, { types });
  }

  /** The name of the one value that is there. */
  async name(prefix: string = this.prefix): Promise<string> {
    const [name = ''] = await this.attacker.keys(`${prefix}token:*`);
    return name;
  }
}

const valueOf = async (source: ClientTokenSource, rejected?: string): Promise<string> =>
  (await source.getToken({ rejected })).value;

/** What can be read in Redis of a token, whatever it is encoded in. */
const read = async (options: Partial<RedisStoreOptions>): Promise<string> => {
  const scene = await Scene.open(options);
  await valueOf(await scene.start({ scope: 'sesame' }));
  const value = (await scene.attacker.get(await scene.name())) ?? '';
  return value + value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
};

// Each row of the table in docs/security.md is one of these.
(hasRedis ? describe : describe.skip)(titleOf('somebody who can write to Redis', hasRedis), () => {
  const encrypted = { encryptionKey: newKey() };
  const plain = { plaintext: true } as const;

  describe.each<[what: string, options: Partial<RedisStoreOptions>]>([
    ['encrypted', encrypted],
    ['in plain text', plain],
  ])('where tokens are stored %s', (_, options) => {
    test('cannot have a value believed that belongs to another key, or to another prefix', async () => {
      const scene = await Scene.open(options);
      const other = newPrefix();
      await valueOf(await scene.start());
      await valueOf(await scene.start({}, { prefix: other }));
      const [name, foreign] = [await scene.name(), await scene.name(other)];
      expect(name.slice(scene.prefix.length)).toBe(foreign.slice(other.length));
      await scene.attacker.copy(foreign, name, { REPLACE: true });
      const process = await scene.start();
      expect(await valueOf(process)).toBe('token-3');
      expect(process.types()).toContain('unreadable');
      await scene.attacker.del(name);
      await valueOf(await scene.start({ scope: 'admin' }));
      await scene.attacker.copy(await scene.name(), name);
      expect(await valueOf(await scene.start())).toBe('token-5');
    });

    test('can put an older value back, but not have it taken by a process that saw it refused or revoked', async () => {
      const scene = await Scene.open(options);
      const [process, forgetful] = [await scene.start(), await scene.start()];
      await valueOf(process);
      const name = await scene.name();
      const old = await scene.attacker.get(name);
      await valueOf(process, 'token-1');
      await process.revoke();
      const putBack = (): Promise<unknown> => scene.attacker.set(name, old ?? '', { PX: 3_600_000 });
      await putBack();
      expect(await valueOf(process)).toBe('token-3');
      await putBack();
      expect([await valueOf(forgetful), await valueOf(forgetful, 'token-1')]).toEqual(['token-1', 'token-4']);
    });

    test('cannot make a token last longer, and can make it end', async () => {
      const scene = await Scene.open(options);
      await valueOf(await scene.start());
      const name = await scene.name();
      await scene.attacker.pExpire(name, 24 * 3_600_000);
      const clock = { now: () => Date.now() + 3_600_000, monotonic: () => performance.now() };
      expect(await valueOf(await scene.start({ clock }))).toBe('token-2');
      await scene.attacker.persist(name);
      expect(await valueOf(await scene.start())).toBe('token-3');
    });

    test.each<[what: string, write: (attacker: NodeRedis, name: string) => Promise<unknown>]>([
      ['garbage', (attacker, name) => attacker.set(name, 'garbage', { PX: 60_000 })],
      ['what is no text', async (attacker, name) => [await attacker.del(name), await attacker.lPush(name, 'token-0')]],
      ['16 MB', (attacker, name) => attacker.setRange(name, 16 * 1024 * 1024, 'x')],
    ])('costs one token request by writing %s', async (__, write) => {
      const scene = await Scene.open(options);
      await valueOf(await scene.start());
      await write(scene.attacker, await scene.name());
      const process = await scene.start();
      expect(await valueOf(process)).toBe('token-2');
      expect(process.types()).toContain('unreadable');
      expect(await valueOf(await scene.start())).toBe('token-2');
    });

    test('makes each process acquire its own token by deleting all there is', async () => {
      const scene = await Scene.open(options);
      const processes = [await scene.start(), await scene.start(), await scene.start()];
      for (const process of processes) {
        await valueOf(process);
        await scene.attacker.del(await scene.name());
      }
      for (const process of processes) await valueOf(process);
      expect(scene.requests).toBe(3);
    });

    test('makes a process wait for part of its time-out, and then go on alone, by keeping the lease', async () => {
      const scene = await Scene.open(options);
      await valueOf(await scene.start());
      const name = await scene.name();
      await scene.attacker.del(name);
      await scene.attacker.set(name.replace('token:', 'lease:'), 'evil');
      const process = await scene.start({ timeout: 6_000, random: () => 0 });
      expect([await valueOf(process), process.types()]).toEqual([
        'token-2',
        ['missed', 'store-miss', 'busy', 'requested', 'acquired'],
      ]);
    });
  });

  test('cannot have a token of his own believed where tokens are encrypted', async () => {
    const scene = await Scene.open(encrypted);
    await valueOf(await scene.start());
    for (const evil of [{ ...plain, encryptionKey: undefined }, { encryptionKey: newKey() }]) {
      // Stored by a process of his own, at whose identity server he has a client with the same name.
      const own = await scene.start(
        { fetch: async () => Response.json({ access_token: 'evil', expires_in: 3600 }) },
        evil,
      );
      expect(await valueOf(own)).toBe('evil');
      const process = await scene.start();
      expect(await valueOf(process)).toMatch(/^token-[23]$/);
      expect(process.types()).toContain('unreadable');
    }
    const name = await scene.name();
    const parts = ((await scene.attacker.get(name)) ?? '').split('.');
    const changed = parts.with(
      3,
      (parts[3] ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    );
    await scene.attacker.set(name, changed.join('.'), { PX: 60_000 });
    expect(await valueOf(await scene.start())).toBe('token-4');
  });

  test('can, and can prolong another, where tokens are stored in plain text, but only of the type that is requested', async () => {
    const scene = await Scene.open(plain);
    await valueOf(await scene.start());
    const name = await scene.name();
    const text = (await scene.attacker.get(name)) ?? '';
    const write = (from: string | RegExp, to: string): Promise<unknown> =>
      scene.attacker.set(name, text.replace(from, to), { PX: 3_600_000 });
    await write('token-1', 'evil');
    expect(await valueOf(await scene.start())).toBe('evil');
    const clock = { now: () => Date.now() + 3_600_000, monotonic: () => performance.now() };
    await write(/"birth":\d+/, `"birth":${clock.now()}`);
    expect(await valueOf(await scene.start({ clock }))).toBe('token-1');
    await write('Bearer', 'DPoP');
    expect(await valueOf(await scene.start())).toBe('token-2');
    await write('token-1', String.raw`evil\r\nx-admin: yes`);
    expect(await valueOf(await scene.start())).toBe('token-3');
  });

  test('reads tokens where they are stored in plain text, and nothing of them where they are encrypted', async () => {
    expect(await read(plain)).toMatch(/sesame|token-1/);
    expect(await read(encrypted)).not.toMatch(/sesame|token-1|orders|login/);
  });
});
