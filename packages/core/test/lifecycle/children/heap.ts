// Tells which credentials are still in the heap. None of them stands in this file, which is itself in the heap.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { getHeapSnapshot } from 'node:v8';
import { Authorizer } from '../../../src/adapter.ts';
import { createTokenSource } from '../../../src/index.ts';
import { minute, untimedClock } from '../../test-clock.ts';

const textOf = (name: string): string => createHash('sha256').update(name).digest('hex');

async function report(when: string, names: readonly string[]): Promise<void> {
  await setImmediate();
  // The runtime keeps the text that a regular expression has matched last.
  /x/.test('x');
  const snapshot = getHeapSnapshot().setEncoding('utf8');
  let text = '';
  for await (const chunk of snapshot) text += chunk as string;
  console.log(`${when}: ${names.filter((name) => text.includes(textOf(name))).join(', ')}`);
}

const state = { secret: 'secret', token: 'token', refuses: false };
const clock = untimedClock();
const source = createTokenSource({
  tokenEndpoint: 'https://login.example.com/token',
  clientId: 'orders',
  clientSecret: () => textOf(state.secret),
  patience: 0,
  clock,
  fetch: async () =>
    state.refuses
      ? Response.json({ error: 'invalid_client' }, { status: 401 })
      : Response.json({ access_token: textOf(state.token), token_type: 'Bearer', expires_in: 3600 }),
});
const authorizer = new Authorizer(source, 'https://api.example.com');
const send = async (): Promise<void> => {
  await authorizer.authorize({ url: 'https://api.example.com/orders' });
};
const everything = ['secret', 'other secret', 'token', 'other token'];

await send();
Object.assign(state, { secret: 'other secret', token: 'other token' });
await source.getToken({ rejected: textOf('token') });
await send();
await report('renewed', everything);
await source.revoke();
await report('revoked', everything);
state.refuses = true;
await send().catch(() => {});
clock.advance(minute);
state.refuses = false;
await send();
await source[Symbol.asyncDispose]();
await report('disposed', everything);
