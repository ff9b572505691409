// Goes through everything that could leave a rejection unhandled; then says how often callers failed, and how many requests there were.
import { createTokenSource } from '../../../src/index.ts';
import { hour, minute, untimedClock } from '../../test-clock.ts';
import { HeldServer, oauthError, settle, unavailable, unreachable } from '../held-server.ts';

const listeners: (() => unknown)[] = [
  () => {
    throw new Error('a listener that throws');
  },
  async () => {
    throw new Error('a listener that rejects');
  },
];
const failures = [unreachable, unavailable, () => oauthError('invalid_client'), () => new Response('no JSON')];
let failed = 0;
let requests = 0;
const count = (): unknown => failed++;

for (const onEvent of listeners) {
  for (const failure of failures) {
    const clock = untimedClock();
    const server = new HeldServer();
    const source = createTokenSource({
      tokenEndpoint: 'https://login.example.com/connect/token',
      clientId: 'orders',
      clientSecret: 's3cret',
      clientAuthentication: 'client_secret_post',
      fetch: server.fetch,
      clock,
      onEvent,
      patience: 20,
    });
    const first = source.getToken();
    await server.answer();
    const { value: rejected } = await first;

    // Background renewals fail, and nobody waits for them.
    clock.advance(56 * minute);
    for (let attempts = 0; attempts < 3; attempts++) {
      await source.getToken();
      await server.answer(failure);
      clock.advance(minute / 2);
    }

    // Callers leave: some of those who wait, then all of them, then whoever reported a refused token.
    const controller = new AbortController();
    const { signal } = controller;
    clock.advance(hour);
    const left = [source.getToken({ signal }).catch(count), source.getToken({ signal }).catch(count)];
    const stayed = source.getToken().catch(count);
    await settle();
    controller.abort();
    await server.answer(failure);
    await Promise.all([...left, stayed]);
    clock.advance(hour);
    for (const options of [{}, { rejected }]) {
      const leaving = new AbortController();
      const alone = source.getToken({ ...options, signal: leaving.signal }).catch(count);
      await settle();
      leaving.abort();
      await alone;
    }
    await settle();
    requests += server.requests.length;
  }
}
// An unhandled rejection is reported when the event loop comes round.
setTimeout(() => console.log(JSON.stringify({ failed, requests })), 10);
