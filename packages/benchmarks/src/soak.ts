// `pnpm soak [--seconds 600]`: all five clients under mixed traffic and all kinds of trouble, to see whether anything piles up.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createTokenSource } from '@tokenline/core';
import { soakClients } from './soak/clients.ts';
import { Traffic } from './soak/traffic.ts';
import { takeVitals, type Vitals, worsened } from './soak/vitals.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const seconds = Number(values.seconds);
if (!(seconds >= 10 && seconds <= 3_600)) throw new RangeError('--seconds must be from 10 to 3600');

const callers = 5;
/** The first part warms up; what the second and the third leave behind is compared with it. */
const parts = 3;

interface Servers {
  readonly client: { issuer: string; clientId: string; clientSecret: string; scope: string };
  readonly origin: string;
}

const worker = new Worker(new URL('./soak/troubled-servers.ts', import.meta.url));
const [{ client, origin }] = (await once(worker, 'message')) as [Servers];
const traffic = new Map<string, Traffic>();
for (const [name, create] of Object.entries(soakClients)) {
  traffic.set(name, new Traffic(create(origin, createTokenSource(client))));
}

const looks: Vitals[] = [];
for (let part = 1; part <= parts; part++) {
  for (const each of traffic.values()) each.start(callers);
  await sleep((seconds / parts) * 1_000);
  await Promise.all([...traffic.values()].map((each) => each.stop()));
  const look = await takeVitals();
  looks.push(look);
  const { heap, handles, sockets, unhandledRejections } = look;
  console.log(
    `after ${Math.round((seconds / parts) * part)} s: heap ${(heap / 1e6).toFixed(2)} MB, ${handles} handles, ` +
      `${sockets} sockets, ${unhandledRejections} unhandled rejections`,
  );
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, this is a worker
worker.postMessage('how was it?');
const [counts] = (await once(worker, 'message')) as [Record<string, number>];
console.log('the servers counted', counts);
for (const [name, { outcomes }] of traffic) console.log(name, outcomes);
await worker.terminate();

const worse = worsened(looks[0] as Vitals, looks.at(-1) as Vitals);
console.log(worse.length === 0 ? 'flat' : `not flat: ${worse.join(', ')}`);
process.exitCode = worse.length === 0 ? 0 : 1;
