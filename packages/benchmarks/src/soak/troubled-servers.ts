// Runs as a worker, with a heap and handles of its own: an identity server and an API that give their clients trouble.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';

const identity = await IdentityServer.start({ lifetime: 3_000 });
const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
const troubles = { revocations: 0, outages: 0, hangs: 0, slowAnswers: 0 };

let served = 0;
api.respond = () => {
  served++;
  // Long enough for its caller to give up meanwhile. Whoever waits has a token that is good, or hears of it later.
  if (served % 50 !== 0) return undefined;
  troubles.slowAnswers++;
  return { after: sleep(100), body: 'late' };
};

// What the servers remember is not what is looked at, but it would fill the memory.
setInterval(() => api.requests.splice(0), 1_000);
// Not so often that it looks like an API that refuses every token.
setInterval(() => {
  troubles.revocations++;
  identity.revokeAll();
}, 13_000);
setInterval(() => {
  troubles.outages++;
  identity.fail('unavailable');
  setTimeout(() => identity.recover(), 1_500);
}, 11_000);
setInterval(() => {
  troubles.hangs++;
  identity.fail('hanging');
  setTimeout(() => identity.recover(), 700);
}, 17_000);

parentPort?.on('message', () => post({ tokenRequests: identity.tokenRequests, served, ...troubles }));
post({ client: identity.client, origin: api.origin });

function post(message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, this is a worker
  parentPort?.postMessage(message);
}
