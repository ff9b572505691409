// A process of the fleet: it gets a token whenever it is told to, and reports what happens.
import { createTokenSource, type GetTokenOptions } from '@tokenline/core';
import { createClient } from 'redis';
import { redisStore } from '../../src/index.ts';
import type { WorkerOptions } from '../worker.ts';

const { url, timeout, store, ...options } = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
const client = createClient({ url, socket: { reconnectStrategy: 20 } });
// As in a deployment, Redis may be there later.
void client.connect().catch(() => {});
const source = createTokenSource({
  ...options,
  ...(timeout === undefined ? {} : { timeout }),
  store: redisStore({ client, ...store }),
  onEvent: (event) => process.send?.({ event }),
});

process.on('message', ({ id, ...request }: { id: number } & GetTokenOptions) => {
  const start = performance.now();
  source.getToken(request).then(
    ({ value }) => process.send?.({ id, value, duration: performance.now() - start }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
const ready = (): unknown => process.send?.({ ready: true });
if (client.isReady) ready();
else client.once('ready', ready);
