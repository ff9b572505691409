import type { Contender, Held, Target } from '../contender.ts';
import { type Spread, shuffle, spreadOf } from '../statistics.ts';

/** Nanoseconds that it takes to await a token that is there. */
export interface GetTokenCost {
  readonly time: Spread;
  /** Times an asynchronous function that returns a constant. */
  readonly ratio: number;
}

/** So many in a row take less than a millisecond, and few of them are interrupted. */
const calls = 1_000;

/** Asks each contender that keeps tokens by scope for one that it has, in turns. */
export async function measureGetToken(
  contenders: readonly Contender[],
  target: Target,
  rounds: number,
): Promise<Map<Contender | 'floor', GetTokenCost>> {
  const getters = new Map<Contender | 'floor', Held['getToken']>([['floor', async () => target.token]]);
  for (const contender of contenders) {
    if (contender.hold) {
      const held = contender.hold(target)(target.scope);
      getters.set(contender, () => held.getToken());
    }
  }
  const times = new Map([...getters.keys()].map((name): [Contender | 'floor', number[]] => [name, []]));
  for (const getToken of getters.values()) await timeOf(getToken, 20 * calls);
  for (let round = 0; round < rounds; round++) {
    for (const [name, getToken] of shuffle([...getters])) times.get(name)?.push(await timeOf(getToken, calls));
  }
  const floor = spreadOf(times.get('floor') ?? []).median;
  return new Map(
    [...times].map(([name, values]) => [name, { time: spreadOf(values), ratio: spreadOf(values).median / floor }]),
  );
}

async function timeOf(getToken: Held['getToken'], count: number): Promise<number> {
  for (let call = 0; call < count / 4; call++) await getToken();
  const start = performance.now();
  for (let call = 0; call < count; call++) await getToken();
  return ((performance.now() - start) / count) * 1_000_000;
}
