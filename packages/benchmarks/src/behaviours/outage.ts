import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from '../contender.ts';
import { type Call, steady } from './load.ts';
import { onStages, type Stage } from './stage.ts';

/** What a token endpoint that is down for a while costs, when no token is there. */
export interface Outage {
  /** Token requests while it was down. */
  readonly tokenRequests: number;
  /** Milliseconds from its return to the first request that succeeded; nothing where none did in time. */
  readonly recovery: number | undefined;
  /** The longest that a caller waited while it was down, in milliseconds. */
  readonly longestWait: number;
}

const distance = 50;
const rate = 200;
const down = 5;
const after = 5;

export async function measureOutage(contenders: readonly Contender[]): Promise<Map<Contender, Outage>> {
  return onStages(contenders, distance, async (stages) => new Map(await Promise.all(stages.map(play))));
}

async function play(stage: Stage): Promise<[Contender, Outage]> {
  const { identity, running, contender } = stage;
  identity.fail('unavailable');
  const load = steady(running, rate, down + after);
  await sleep(down * 1_000);
  const tokenRequests = stage.takeTokenRequests();
  const back = performance.now();
  identity.recover();
  const calls = await load;
  const ends = calls.filter(({ status }) => status === 200).map(endOf);
  return [
    contender,
    {
      tokenRequests,
      recovery: ends.length === 0 ? undefined : Math.max(0, Math.min(...ends) - back),
      longestWait: Math.max(...calls.filter((call) => endOf(call) < back).map(({ duration }) => duration)),
    },
  ];
}

function endOf({ start, duration }: Call): number {
  return start + duration;
}
