import { tracingChannel } from 'node:diagnostics_channel';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { type ClientTokenSource, createTokenSource } from '@tokenline/core';
import { instrumentTokenline } from '@tokenline/opentelemetry';
import { type Spread, shuffle, spreadOf } from '../statistics.ts';

/** What those who listen cost: nanoseconds, and times what it takes where core finds no diagnostics channels at all. */
export interface ListenerCost {
  readonly who: string;
  readonly held: Spread;
  readonly heldRatio: number;
  readonly acquired: Spread;
  readonly acquiredRatio: number;
}

class SilentReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const ignored = (): void => {};
const traced = { start: ignored, end: ignored, asyncStart: ignored, asyncEnd: ignored, error: ignored };
const listeners: Readonly<Record<string, () => () => void>> = {
  'no channels': () => ignored,
  nobody: () => ignored,
  'a subscriber of `tracing:tokenline:acquire`': () => {
    const channel = tracingChannel('tokenline:acquire');
    channel.subscribe(traced);
    return () => {
      channel.unsubscribe(traced);
    };
  },
  'metrics and spans of the OpenTelemetry SDK': () =>
    instrumentTokenline({
      meterProvider: new MeterProvider({ readers: [new SilentReader()] }),
      tracerProvider: new TracerProvider(),
    }),
};

/** So many in a row take about a millisecond, and few of them are interrupted. */
const calls = { held: 1_000, acquired: 10 };
type Path = keyof typeof calls;

/** Asks for a token that is there, and for one that has to be acquired, in turns. */
export async function measureListeners(rounds: number): Promise<ListenerCost[]> {
  const runs = Object.entries(listeners).map(([who, listen]) => {
    const sources = who === 'no channels' ? withoutChannels(createSources) : createSources();
    return { who, listen, sources, times: { held: [] as number[], acquired: [] as number[] } };
  });
  for (let round = -20; round < rounds; round++) {
    for (const { listen, sources, times } of shuffle(runs)) {
      const end = listen();
      for (const path of ['held', 'acquired'] as const) {
        const time = await timeOf(sources[path], calls[path]);
        if (round >= 0) times[path].push(time);
      }
      end();
    }
  }
  const ratio = (path: Path, times: readonly number[]): number =>
    spreadOf(times.map((time, round) => time / (runs[0]?.times[path][round] ?? Number.NaN))).median;
  return runs.map(({ who, times: { held, acquired } }) => ({
    who,
    held: spreadOf(held),
    heldRatio: ratio('held', held),
    acquired: spreadOf(acquired),
    acquiredRatio: ratio('acquired', acquired),
  }));
}

/** One source that has a token, and one whose tokens are not kept. */
function createSources(): Record<Path, ClientTokenSource> {
  return { held: sourceOf(86_400), acquired: sourceOf(0) };
}

function sourceOf(expires_in: number): ClientTokenSource {
  return createTokenSource({
    tokenEndpoint: 'https://login.example.com/token',
    clientId: 'orders',
    clientSecret: 'secret',
    fetch: async () => Response.json({ access_token: 'token', token_type: 'Bearer', expires_in }),
  });
}

/** As on a runtime that has no modules of its own: a source looks for its channel when it is made. */
function withoutChannels<T>(create: () => T): T {
  const found = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule')!;
  Object.defineProperty(process, 'getBuiltinModule', { ...found, value: () => undefined });
  try {
    return create();
  } finally {
    Object.defineProperty(process, 'getBuiltinModule', found);
  }
}

async function timeOf(source: ClientTokenSource, count: number): Promise<number> {
  for (let call = 0; call < count / 4; call++) await source.getToken();
  const start = performance.now();
  for (let call = 0; call < count; call++) await source.getToken();
  return ((performance.now() - start) / count) * 1_000_000;
}
