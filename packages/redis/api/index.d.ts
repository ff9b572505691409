import { SharedStore } from '@tokenline/core';

interface Emitter {
    on(event: 'error', listener: () => void): unknown;
    listenerCount(event: 'error'): number;
}

type EncryptionKey = string | Uint8Array;

interface IoRedisClient extends Partial<Emitter> {
    eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>;
    defineCommand(name: string, definition: {
        lua: string;
    }): void;
    readonly status: string;
}

interface NodeRedisClient extends Partial<Emitter> {
    eval(script: string, options: {
        keys: string[];
        arguments: string[];
    }): Promise<unknown>;
    readonly isOpen?: boolean;
    readonly isReady?: boolean;
}

type RedisClient = NodeRedisClient | IoRedisClient;

interface RedisStoreOptions {
    readonly client: RedisClient;
    readonly encryptionKey?: EncryptionKey | undefined;
    readonly encryptionKeys?: readonly EncryptionKey[] | undefined;
    readonly plaintext?: true | undefined;
    readonly prefix?: string | undefined;
    readonly timeout?: number | undefined;
}

declare function redisStore(options: RedisStoreOptions): SharedStore;

export type { RedisClient, RedisStoreOptions };

export { redisStore };
