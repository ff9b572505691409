// Has had tokens, failures and aborts from the server whose port it is given. Nothing is left to do then.
import { createTokenSource } from '../../../src/index.ts';

const tokenEndpoint = (path: string): string => `http://127.0.0.1:${process.argv[2]}${path}`;
const source = (path: string): ReturnType<typeof createTokenSource> =>
  createTokenSource({ tokenEndpoint: tokenEndpoint(path), clientId: 'orders', clientSecret: 's3cret', patience: 0 });

const token = await source('/token').getToken();
const failed = await source('/broken')
  .getToken()
  .catch(() => 'failed');
const controller = new AbortController();
const left = source('/hanging')
  .getToken({ signal: controller.signal })
  .catch(() => 'left');
setTimeout(() => controller.abort(), 50);
console.log(token.value, failed, await left);
