import { bearerAuth, createTokenSource } from '@tokenline/got';
import { redisStore } from '@tokenline/redis';
import got from 'got';
import { createClient } from 'redis';

const { API_URL = 'https://api.example.com', REDIS_URL = 'redis://localhost:6379' } = process.env;

// If Redis goes, each process acquires a token of its own until it is back.
export const redis = createClient({ url: REDIS_URL });
redis.on('error', (error: Error) => console.error(`redis: ${error.message}`));

const source = createTokenSource({
  issuer: process.env.ISSUER,
  clientId: process.env.CLIENT_ID,
  clientSecret: process.env.CLIENT_SECRET,
  store: redisStore({ client: redis, encryptionKey: process.env.TOKEN_KEY }),
});

export const orders = bearerAuth(got.extend({ prefixUrl: API_URL }), source);
