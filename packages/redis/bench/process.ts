// One process of a fleet: at each message it acquires a token anew, and says how long that took.
import { createTokenSource } from '@tokenline/core';
import { createClient } from 'redis';
import { redisStore } from '../src/index.ts';

const { tokenEndpoint, url, encryptionKey } = JSON.parse(process.argv[2] ?? '') as Record<string, string>;
const client = url === undefined ? undefined : await createClient({ url }).connect();

process.on('message', ({ prefix }: { prefix: string }) => {
  const source = createTokenSource({
    tokenEndpoint,
    clientId: 'orders',
    clientSecret: 's3cret',
    store: client && redisStore({ client, encryptionKey, prefix }),
  });
  const start = performance.now();
  void source.getToken().then(() => process.send?.({ duration: performance.now() - start }));
});
process.send?.({ ready: true });
