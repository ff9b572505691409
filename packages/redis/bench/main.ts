// What a fleet costs its servers, and what the store costs a process. Needs a redis-server on the path.
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { RedisServer } from '@tokenline/adapter-tests';
import { createClient } from 'redis';
import { Fleet } from './fleet.ts';
import { TokenEndpoint } from './token-endpoint.ts';

const duration = 100;
const rounds = 20;
const redis = await RedisServer.start();
if (redis === undefined) throw new Error('there is no redis-server on the path');
const endpoint = await TokenEndpoint.start(duration);
const admin = await createClient({ url: redis.url }).connect();
const encryptionKey = randomBytes(32).toString('base64');
const alone = { tokenEndpoint: endpoint.url };
const together = { ...alone, url: redis.url, encryptionKey };

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;
const ms = (value: number): string => value.toFixed(1);

/** What Redis has run so far: how many scripts, and the microseconds that it spent on them. */
async function scripts(): Promise<{ calls: number; time: number }> {
  const [, calls = 0, time = 0] = /cmdstat_eval:calls=(\d+),usec=(\d+)/.exec(await admin.info('commandstats')) ?? [];
  return { calls: Number(calls), time: Number(time) };
}

try {
  console.log(`A token request takes ${duration} ms. Medians of ${rounds} rounds; times in ms.\n`);
  console.log(
    '| processes, cold at once | store | token requests | time, median | time, longest | scripts that Redis ran |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const count of [1, 8, 32]) {
    const fleets = [
      { store: 'none', fleet: await Fleet.start(count, alone), times: [] as number[][], requests: 0, calls: 0 },
      { store: 'Redis', fleet: await Fleet.start(count, together), times: [] as number[][], requests: 0, calls: 0 },
    ];
    // Interleaved, so that whatever slows the machine down slows both. The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const entry of fleets) {
        const before = [endpoint.requests, (await scripts()).calls] as const;
        const times = await entry.fleet.acquire(`${randomUUID()}:`);
        // The lease is given back after the token has been served.
        await setTimeout(50);
        if (round === 0) continue;
        entry.times.push(times);
        entry.requests += endpoint.requests - before[0];
        entry.calls += (await scripts()).calls - before[1];
      }
    }
    for (const { store, times, requests, calls, fleet } of fleets) {
      const median = at(
        times.map((round) => at(round, 0.5)),
        0.5,
      );
      const longest = at(
        times.map((round) => at(round, 1)),
        0.5,
      );
      const row = [count, store, requests / rounds, ms(median), ms(longest), calls / rounds];
      console.log(`| ${row.join(' | ')} |`);
      await fleet.stop();
    }
  }

  const one = await Fleet.start(1, together);
  await one.acquire('warm:');
  const warm: number[] = [];
  for (let round = 0; round < 200; round++) warm.push(...(await one.acquire('warm:')));
  await one.stop();
  console.log(
    `\nA warm start, the token of another process: ${at(warm, 0.5).toFixed(2)} (95 %: ${at(warm, 0.95).toFixed(2)})`,
  );
  const { calls, time } = await scripts();
  console.log(`Redis spent ${(time / calls).toFixed(1)} µs on each of ${calls} scripts`);

  const until = performance.now() + 3_000;
  const { calls: first } = await scripts();
  const script = `return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}`;
  await admin.set('entry', 'x'.repeat(1_300), { PX: 60_000 });
  const loop = async (): Promise<void> => {
    while (performance.now() < until) await admin.eval(script, { keys: ['entry'] });
  };
  await Promise.all(Array.from({ length: 200 }, loop));
  const { calls: last } = await scripts();
  console.log(`Redis ran ${Math.round((last - first) / 3)} scripts a second for one busy process`);
} finally {
  await admin.close();
  endpoint.close();
  await redis.stop();
}
