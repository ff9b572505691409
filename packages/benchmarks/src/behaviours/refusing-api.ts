import { unauthorized } from '@tokenline/adapter-tests';
import type { Contender } from '../contender.ts';
import { steady } from './load.ts';
import { onStages } from './stage.ts';

/** What an API costs that refuses every token, because of a wrong audience, say. */
export interface RefusingApi {
  readonly requests: number;
  readonly tokenRequests: number;
}

const distance = 50;
const rate = 200;
const seconds = 10;

export async function measureRefusingApi(contenders: readonly Contender[]): Promise<Map<Contender, RefusingApi>> {
  return onStages(contenders, distance, async (stages) => {
    const results = stages.map(async (stage): Promise<[Contender, RefusingApi]> => {
      stage.api.respond = () => unauthorized('Bearer realm="orders", error="invalid_token"');
      const end = performance.now() + seconds * 1_000;
      const calls = await steady(stage.running, rate, seconds);
      return [stage.contender, { requests: calls.length, tokenRequests: stage.takeTokenRequests(end) }];
    });
    return new Map(await Promise.all(results));
  });
}
