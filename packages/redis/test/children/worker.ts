// A process of the fleet: it gets a token whenever it is told to, and reports what happens.
import { type ClientTokenSource, createTokenSource, type GetTokenOptions } from '@tokenline/core';
import { redisStore, type RedisStoreOptions } from '../../src/index.ts';
import { connect } from '../matrix/clients.ts';
import type { WorkerOptions } from '../worker.ts';

const {
  client: name,
  place,
  skew = 0,
  timeout,
  store,
  ...options
} = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
const { client, connected } = await connect(name, place);
const sources = new Map<string, ClientTokenSource>();

function sourceFor(more: Partial<RedisStoreOptions>): ClientTokenSource {
  const key = JSON.stringify(more);
  const source =
    sources.get(key) ??
    createTokenSource({
      ...options,
      ...(timeout === undefined ? {} : { timeout }),
      store: redisStore({ client, ...store, ...more }),
      clock: { now: () => Date.now() + skew, monotonic: () => performance.now() },
      onEvent: (event) => process.send?.({ event }),
    });
  sources.set(key, source);
  return source;
}

interface Question extends GetTokenOptions {
  readonly id: number;
  readonly store: Partial<RedisStoreOptions>;
}

process.on('message', ({ id, store: more, ...request }: Question) => {
  const start = performance.now();
  sourceFor(more)
    .getToken(request)
    .then(
      ({ value }) => process.send?.({ id, value, duration: performance.now() - start }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
});
void connected.then(() => process.send?.({ ready: true }));
