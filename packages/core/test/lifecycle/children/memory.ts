// Says how many bytes of heap each key takes. Needs --expose-gc.
import { createTokenSource } from '../../../src/index.ts';

const keys = 2_000;
let issued = 0;
const source = createTokenSource({
  tokenEndpoint: 'https://login.example.com/token',
  clientId: 'orders',
  clientSecret: 's3cret',
  maxCachedTokens: 2 * keys,
  fetch: async () =>
    Response.json({ access_token: `token-${issued++}`.padEnd(40, 'x'), token_type: 'Bearer', expires_in: 3600 }),
});
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const fill = async (prefix: string): Promise<void> => {
  for (let key = 0; key < keys; key++) await source.with({ scope: `${prefix}-${key}` }).getToken();
};
await fill('warm');
const before = heap();
await fill('api');
console.log(Math.round((heap() - before) / keys));
