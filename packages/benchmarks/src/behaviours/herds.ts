import { setTimeout as sleep } from 'node:timers/promises';
import { unauthorized } from '@tokenline/adapter-tests';
import type { Contender } from '../contender.ts';
import { herd, lost } from './load.ts';
import { onStages, type Stage } from './stage.ts';

/** What a herd costs. */
export interface Herd {
  readonly requests: number;
  readonly tokenRequests: number;
  readonly lost: number;
}

export interface Herds {
  /** Nothing is cached. */
  readonly cold: Herd;
  /** The token has just expired. */
  readonly expired: Herd;
  /** The API refuses the token of all of them, at once. */
  readonly refused: Herd;
  /** The same, over half a second: some hear of it when the token has already been replaced. */
  readonly refusedSlowly: Herd;
}

const distance = 50;
const hour = 3_600_000;
const short = 3_000;
const spread = 500;

/** Lets each contender face the four herds, one contender after the other, so that none is slowed down by another. */
export async function measureHerds(contenders: readonly Contender[]): Promise<Map<Contender, Herds>> {
  return onStages(contenders, distance, async (stages) => {
    const cold = await each(stages, ({ identity }) => (identity.lifetime = short));
    await sleep(short);
    const expired = await each(stages, ({ identity }) => (identity.lifetime = hour));
    const refused = await each(stages, revoke, 500);
    const refusedSlowly = await each(stages, refuseSlowly, 500);
    return new Map(
      stages.map((stage, index): [Contender, Herds] => [
        stage.contender,
        {
          cold: cold[index] as Herd,
          expired: expired[index] as Herd,
          refused: refused[index] as Herd,
          refusedSlowly: refusedSlowly[index] as Herd,
        },
      ]),
    );
  });
}

async function each(stages: readonly Stage[], prepare: (stage: Stage) => unknown, requests = 1_000): Promise<Herd[]> {
  const herds: Herd[] = [];
  for (const stage of stages) {
    await prepare(stage);
    herds.push(await count(stage, requests));
  }
  return herds;
}

async function count(stage: Stage, requests: number): Promise<Herd> {
  stage.takeTokenRequests();
  const calls = await herd(stage.running, requests);
  return { requests, tokenRequests: stage.takeTokenRequests(), lost: lost(calls) };
}

/** Makes worthless the token that the contender has. */
async function revoke({ identity, running }: Stage): Promise<void> {
  await herd(running, 1);
  identity.revokeAll();
}

/** The same, and every request with a worthless token is refused a bit later than the one before. */
async function refuseSlowly(stage: Stage): Promise<void> {
  await revoke(stage);
  const { api, identity } = stage;
  let refused = 0;
  api.respond = ({ authorization = '' }) => {
    if (identity.accepts(authorization.replace(/^Bearer /i, ''))) return undefined;
    const after = sleep((refused++ / 500) * spread);
    return unauthorized('Bearer realm="orders", error="invalid_token"', { after });
  };
}
