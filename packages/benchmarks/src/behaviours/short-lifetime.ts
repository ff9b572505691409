import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Contender } from '../contender.ts';
import { quantile } from '../statistics.ts';
import type { TokenRequest } from './distant-endpoint.ts';
import { type Call, lost, steady } from './load.ts';
import { onStages, type Stage } from './stage.ts';

/** What tokens cost that live for four seconds only. */
export interface ShortLifetime {
  readonly requests: number;
  /** The one before the first request included. */
  readonly tokenRequests: number;
  readonly lost: number;
  /** How many requests took so long, while a token request was under way, that they must have waited for it. */
  readonly waited: number;
  /** How late the timers of this process were, in milliseconds: beyond some, requests wait for the machine. */
  readonly lag: number;
  /** Milliseconds that requests took while a token request was under way. */
  readonly renewing: Latency | undefined;
  /** Milliseconds that the others took. */
  readonly otherwise: Latency | undefined;
  /** Around the first replacement of a token: the slowest of the requests that began in each {@link step}, from the start of the token request on. */
  readonly around: readonly { readonly offset: number; readonly slowest: number }[];
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const distance = 200;
const lifetime = 4_000;
const rate = 200;
const seconds = 10;
/** Milliseconds. */
const step = 20;

/** How often it is tried to have the machine for ourselves. */
const tries = 3;
/** Milliseconds that timers may be late. */
const calm = 20;

/** Again, where the machine was busy with something else: of the runs, the calmest counts. */
export async function measureShortLifetime(contenders: readonly Contender[]): Promise<Map<Contender, ShortLifetime>> {
  let best = await run(contenders);
  for (let time = 1; time < tries && best.lag > calm; time++) {
    const next = await run(contenders);
    if (next.lag < best.lag) best = next;
  }
  const { records, lag } = best;
  const stalls = records
    .filter(({ stage }) => stage.contender.role === 'floor')
    .flatMap(({ calls }) => calls.filter(isSlow));
  return new Map(records.map((record) => [record.stage.contender, { ...judge(record, stalls), lag }]));
}

/** What happened to one contender. */
interface Record {
  readonly stage: Stage;
  readonly start: number;
  readonly calls: readonly Call[];
  /** The token requests before the first call, and those since. */
  readonly before: number;
  readonly renewals: readonly TokenRequest[];
}

async function run(contenders: readonly Contender[]): Promise<{ records: Record[]; lag: number }> {
  return onStages(contenders, distance, async (stages) => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const records = await Promise.all(stages.map(play));
    delay.disable();
    return { records, lag: delay.percentile(99) / 1e6 };
  });
}

async function play(stage: Stage): Promise<Record> {
  const { identity, running, endpoint } = stage;
  identity.lifetime = lifetime;
  // The first token and the first connections are another story.
  await steady(running, rate, 1);
  const before = endpoint.requests.length;
  const start = performance.now();
  const calls = await steady(running, rate, seconds);
  const end = start + seconds * 1_000;
  const renewals = endpoint.requests.slice(before).filter((renewal) => renewal.start <= end);
  return { stage, start, calls, before, renewals };
}

/** @param stalls - calls of a floor that took long: whatever made them wait was no token. */
function judge({ start, calls, before, renewals }: Record, stalls: readonly Call[]): Omit<ShortLifetime, 'lag'> {
  const renewing = calls.filter((call) => renewals.some((renewal) => overlap(call, renewal.start, renewal.end)));
  const waiting = renewing.filter(
    (call) => isSlow(call) && !stalls.some((stall) => overlap(call, stall.start, stall.start + stall.duration)),
  );
  return {
    requests: calls.length,
    tokenRequests: before + renewals.length,
    lost: lost(calls),
    waited: waiting.length,
    renewing: latencyOf(renewing),
    otherwise: latencyOf(calls.filter((call) => !renewing.includes(call))),
    around: slowestAround(renewals[0]?.start ?? start + lifetime, calls),
  };
}

function isSlow({ duration }: Call): boolean {
  return duration >= distance / 2;
}

function overlap({ start, duration }: Call, from: number, to: number): boolean {
  return start <= to && start + duration >= from;
}

function slowestAround(moment: number, calls: readonly Call[]): { offset: number; slowest: number }[] {
  const steps = new Map<number, number>();
  for (const { start, duration } of calls) {
    const offset = Math.floor((start - moment) / step) * step;
    if (Math.abs(offset) <= 2 * distance) steps.set(offset, Math.max(duration, steps.get(offset) ?? 0));
  }
  return [...steps].map(([offset, slowest]) => ({ offset, slowest })).toSorted((a, b) => a.offset - b.offset);
}

function latencyOf(calls: readonly Call[]): Latency | undefined {
  if (calls.length === 0) return undefined;
  const durations = calls.map(({ duration }) => duration);
  return { p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
}
