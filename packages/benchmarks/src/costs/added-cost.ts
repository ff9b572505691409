import type { Contender, Running, Target } from '../contender.ts';
import { type Spread, shuffle, spreadOf } from '../statistics.ts';
import { collectGarbage } from './collect-garbage.ts';

/** What one request costs, and how much of that is more than the floor of its client. */
export interface AddedCost {
  /** Microseconds that a request takes. */
  readonly time: Spread;
  /** Microseconds more than the floor, round by round. */
  readonly addedTime: Spread;
  /** Times the floor. */
  readonly ratio: number;
  /** Bytes that a request allocates. */
  readonly bytes: Spread;
  /** Bytes more than the floor. */
  readonly addedBytes: Spread;
}

interface Run {
  readonly contender: Contender;
  readonly running: Running;
  readonly times: number[];
  readonly bytes: number[];
  /** How many requests fit into a block. */
  requests: number;
}

const path = '/orders/7';
/** Milliseconds: shorter than what a scheduler gives at a time, so that on a busy machine most blocks are not interrupted. */
const block = 1;
/** The most rounds in which bytes are counted: these hardly vary. */
const counts = 9;
/** So few requests that all they allocate is young, and none of it collected while it is counted. */
const counted = 100;

/**
 * Runs all contenders in turns, in another order in each round, one request after the other. What is reported are medians
 * over the rounds, and of the differences to the floor of the same round.
 */
export async function measureAddedCost(
  contenders: readonly Contender[],
  target: Target,
  rounds: number,
): Promise<Map<Contender, AddedCost>> {
  const runs = contenders.map((contender): Run => {
    return { contender, running: contender.open(target), times: [], bytes: [], requests: 1 };
  });
  const clients = [...new Set(runs.map(({ contender }) => contender.client))];
  // Everything is compiled, and every token fetched, before the first round counts.
  for (const run of [...runs, ...runs]) run.requests = await requestsIn(100 * block, run.running);
  for (const run of runs) run.requests = Math.max(3, Math.round(run.requests / 100));
  for (let round = 0; round < rounds; round++) {
    // A floor and those that stand on it run one soon after the other.
    const order = shuffle(clients).flatMap((client) => shuffle(runs.filter((run) => run.contender.client === client)));
    for (const { running, times, requests } of order) {
      times.push(await timeOf(requests, running));
    }
  }
  for (let round = 0; round < Math.min(counts, rounds / 20); round++) {
    for (const { running, bytes } of shuffle(runs)) bytes.push(await bytesOf(running));
  }
  for (const { running } of runs) await running.close();
  return new Map(runs.map((run) => [run.contender, compare(run, floorOf(run, runs))]));
}

function floorOf({ contender: { client } }: Run, runs: readonly Run[]): Run {
  const floor = runs.find(({ contender }) => contender.role === 'floor' && contender.client === client);
  if (floor === undefined) throw new Error(`there is no floor for ${client}`);
  return floor;
}

async function requestsIn(milliseconds: number, { get }: Running): Promise<number> {
  const end = performance.now() + milliseconds;
  let requests = 0;
  for (; performance.now() < end; requests++) await get(path);
  return requests;
}

/** Microseconds a request. */
async function timeOf(requests: number, { get }: Running): Promise<number> {
  // The one before may have left the caches of the processor cold.
  for (let request = 0; request < Math.max(1, requests / 4); request++) await get(path);
  const start = performance.now();
  for (let request = 0; request < requests; request++) await get(path);
  return ((performance.now() - start) / requests) * 1_000;
}

async function bytesOf({ get }: Running): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let request = 0; request < counted; request++) await get(path);
  return (process.memoryUsage().heapUsed - before) / counted;
}

function compare(run: Run, floor: Run): AddedCost {
  return {
    time: spreadOf(run.times),
    addedTime: spreadOf(differences(run.times, floor.times)),
    ratio: spreadOf(run.times.map((time, round) => time / (floor.times[round] ?? Number.NaN))).median,
    bytes: spreadOf(run.bytes),
    addedBytes: spreadOf(differences(run.bytes, floor.bytes)),
  };
}

function differences(values: readonly number[], floor: readonly number[]): number[] {
  return values.map((value, round) => value - (floor[round] ?? Number.NaN));
}
