// One client at a time, on the stubbed transport: `node --cpu-prof src/profile.ts axios 3`.
import { tokenline } from './contenders/tokenline.ts';
import { InstantTarget } from './costs/instant-target.ts';

const [client, seconds = '3'] = process.argv.slice(2);
const contender = tokenline.find((candidate) => candidate.client === client);
if (contender === undefined) throw new Error(`tokenline has no client ${client}`);

const instant = await InstantTarget.start();
const { get } = contender.open(instant.target(true));
const end = performance.now() + Number(seconds) * 1_000;
while (performance.now() < end) await get('/orders/7');
await instant[Symbol.asyncDispose]();
