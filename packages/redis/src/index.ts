export type { RedisClient } from './connection.ts';
export { redisStore, type RedisStoreOptions } from './redis-store.ts';
