import { describe, expect, test } from '@jest/globals';
import { testTokenStore } from '@tokenline/adapter-tests/store';
import type { TokenStore } from '@tokenline/core';
import { Redis } from 'ioredis';
import { createClient as createOldestClient } from 'redis-oldest';
import { redisStore, type RedisStoreOptions } from '../src/index.ts';
import { connectClient, hasRedis, newKey, newPrefix, titleOf, url } from './redis.ts';

const encryptionKey = newKey();
const name = 'f00d'.repeat(16);

/** A store, what it stands on, and where it keeps what. */
async function open(options: Partial<RedisStoreOptions> = { encryptionKey }): Promise<{
  client: Awaited<ReturnType<typeof connectClient>>;
  store: TokenStore;
  token: string;
  lease: string;
}> {
  const client = await connectClient();
  const prefix = options.prefix ?? newPrefix();
  const { store } = redisStore({ client, prefix, ...options });
  return { client, store, token: `${prefix}token:${name}`, lease: `${prefix}lease:${name}` };
}

(hasRedis ? describe : describe.skip)(titleOf('with a real Redis', hasRedis), () => {
  testTokenStore(
    'redis',
    async () => redisStore({ client: await connectClient(), encryptionKey, prefix: newPrefix() }).store,
  );

  testTokenStore(
    'plain text',
    async () => redisStore({ client: await connectClient(), plaintext: true, prefix: newPrefix() }).store,
  );

  describe('through other clients', () => {
    test.each<[what: string, use: (work: (client: RedisStoreOptions['client']) => Promise<void>) => Promise<void>]>([
      [
        'the oldest redis',
        async (work) => {
          const client = createOldestClient({ url });
          await client.connect();
          await work(client);
          await client.quit();
        },
      ],
      [
        'ioredis',
        async (work) => {
          const client = new Redis(url);
          await work(client);
          await client.quit();
        },
      ],
      [
        'ioredis that gives numbers as text',
        async (work) => {
          const client = new Redis(url, { stringNumbers: true });
          await work(client);
          await client.quit();
        },
      ],
      [
        'ioredis, not yet connected',
        async (work) => {
          const client = new Redis(url, { lazyConnect: true });
          await work(client);
          await client.quit();
        },
      ],
    ])('%s', async (_, use) => {
      await use(async (client) => {
        const { store } = redisStore({ client, encryptionKey, prefix: newPrefix() });
        expect(await store.get(name)).toBeUndefined();
        await store.set(name, 'open sesame', 60_000);
        expect(await store.get(name)).toMatchObject({ value: 'open sesame', lifetime: expect.any(Number) });
        expect([await store.lease(name, 'a', 1_000), await store.lease(name, 'b', 1_000)]).toEqual([true, false]);
        await store.release(name, 'b');
        expect(await store.lease(name, 'c', 1_000)).toBe(false);
        await store.release(name, 'a');
        expect(await store.lease(name, 'c', 1_000)).toBe(true);
      });
    });
  });

  test('what is at rest in Redis shows neither the text nor how to get it, and ends by itself', async () => {
    const { client, store, token, lease } = await open();
    await store.set(name, 'open sesame', 60_000);
    await store.lease(name, 'owner', 5_000);
    expect(await client.get(token)).not.toContain('sesame');
    expect(await client.get(token)).toMatch(/^ey[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await client.pTTL(token)).toBeGreaterThan(50_000);
    expect(await client.pTTL(lease)).toBeLessThanOrEqual(5_000);
  });

  test('the prefix is tokenline: unless another is given', async () => {
    const client = await connectClient();
    const unique = newKey();
    await redisStore({ client, encryptionKey }).store.set(unique, 'text', 1_000);
    expect(await client.exists(`tokenline:token:${unique}`)).toBe(1);
  });

  test('plain text is as it was given, with its name before it', async () => {
    const { client, store, token } = await open({ plaintext: true });
    await store.set(name, 'open sesame', 60_000);
    expect(await client.get(token)).toBe(`"${token}" open sesame`);
  });

  describe('an entry cannot be read', () => {
    const unreadable = { code: 'ERR_STORE_ENTRY', message: 'the entry cannot be read' };

    test.each<[what: string, options: Partial<RedisStoreOptions>]>([
      ['encrypted', { encryptionKey }],
      ['plain', { plaintext: true }],
    ])('that was copied from another key or prefix (%s)', async (_, options) => {
      const { client, store, token } = await open(options);
      const { store: other, token: foreign } = await open(options);
      await other.set(name, 'open sesame', 60_000);
      await store.set('0'.repeat(64), 'open sesame', 60_000);
      for (const from of [foreign, token.replace(name, '0'.repeat(64))]) {
        await client.copy(from, token, { REPLACE: true });
        await expect(store.get(name)).rejects.toMatchObject(unreadable);
      }
    });

    test('that another key encrypted', async () => {
      const { store, token } = await open();
      await store.set(name, 'open sesame', 60_000);
      const prefix = token.slice(0, -`token:${name}`.length);
      const { store: other } = await open({ encryptionKey: newKey(), prefix });
      await expect(other.get(name)).rejects.toMatchObject(unreadable);
    });

    test.each(['open sesame', '{"version":1,"value":"open sesame"}'])('that was not encrypted (%p)', async (text) => {
      const { client, store, token } = await open();
      await client.set(token, text, { PX: 60_000 });
      await expect(store.get(name)).rejects.toMatchObject(unreadable);
    });

    test.each([512 * 1024 + 1, 16 * 1024 * 1024])(
      'that is longer than any token (%i), and stays in Redis',
      async (size) => {
        const connected = await connectClient();
        const answers: unknown[] = [];
        const client = {
          eval: async (...given: Parameters<typeof connected.eval>): Promise<unknown> => {
            const answer: unknown = await connected.eval(...given);
            answers.push(answer);
            return answer;
          },
        };
        const { store, token } = await open({ client, plaintext: true });
        const head = `"${token}" `;
        await connected.set(token, head, { PX: 60_000 });
        await connected.setRange(token, size - 1, 'x');
        await expect(store.get(name)).rejects.toMatchObject(unreadable);
        expect(answers).toEqual([[null, 0]]);
        await connected.set(token, head.padEnd(512 * 1024), { PX: 60_000 });
        expect((await store.get(name))?.value).toBe(' '.repeat(512 * 1024 - head.length));
      },
    );

    test('that is no text at all, and is replaced by the next', async () => {
      const { client, store, token } = await open();
      await client.lPush(token, 'open sesame');
      await expect(store.get(name)).rejects.toMatchObject(unreadable);
      await store.set(name, 'text', 60_000);
      expect(await store.get(name)).toMatchObject({ value: 'text' });
    });
  });

  test('a value is good under its own name alone, whichever of two keys it was encrypted with', async () => {
    const newer = newKey();
    const { client, store: old, token } = await open();
    const both = { encryptionKeys: [newer, encryptionKey] };
    const { store: here } = await open({ ...both, prefix: token.slice(0, -`token:${name}`.length) });
    const { store: elsewhere, token: copy } = await open(both);
    for (const store of [old, here]) {
      await store.set(name, 'open sesame', 60_000);
      await client.copy(token, copy, { REPLACE: true });
      expect(await here.get(name)).toMatchObject({ value: 'open sesame' });
      await expect(elsewhere.get(name)).rejects.toMatchObject({ code: 'ERR_STORE_ENTRY' });
    }
  });

  test('the old key is read, and the new one written, while there are both', async () => {
    const newer = newKey();
    const prefix = newPrefix();
    const { store: old } = await open({ prefix, encryptionKey });
    const { store: both } = await open({ prefix, encryptionKeys: [newer, encryptionKey] });
    const { store: late } = await open({ prefix, encryptionKey: newer });
    await old.set(name, 'old', 60_000);
    expect(await both.get(name)).toMatchObject({ value: 'old' });
    await both.set(name, 'new', 60_000);
    expect(await late.get(name)).toMatchObject({ value: 'new' });
    await expect(old.get(name)).rejects.toMatchObject({ code: 'ERR_STORE_ENTRY' });
  });
});
