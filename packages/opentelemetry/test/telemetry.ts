import { context, type Span, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { instrumentTokenline } from '../src/index.ts';

/** One value of a metric. */
export interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** The real SDK, which exports to memory. */
export class Telemetry {
  readonly tracerProvider: TracerProvider;
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #meterProvider: MeterProvider;
  /** Ends the recording, and leaves the SDK running. */
  readonly stop: () => void;

  constructor() {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })] });
    const reader = new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 });
    this.#meterProvider = new MeterProvider({ readers: [reader] });
    this.stop = instrumentTokenline({ tracerProvider: this.tracerProvider, meterProvider: this.#meterProvider });
  }

  /** Does work inside a span, as the request of a service would be. */
  inside<T>(name: string, work: (span: Span) => Promise<T>): Promise<T> {
    const tracer = this.tracerProvider.getTracer('test');
    return tracer.startActiveSpan(name, async (span) => work(span).finally(() => span.end()));
  }

  /** All spans that have ended. */
  get spans(): ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.find((span) => span.name === name);
    if (found === undefined) throw new Error(`no span ${name} among ${this.spans.map((span) => span.name).join(', ')}`);
    return found;
  }

  /** What was recorded of each metric. */
  async metrics(): Promise<Record<string, readonly Point[]>> {
    this.#metrics.reset();
    await this.#meterProvider.forceFlush();
    const metrics = this.#metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((one) => one.metrics));
    return Object.fromEntries(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints as Point[]]));
  }

  async end(): Promise<void> {
    this.stop();
    await Promise.all([this.tracerProvider.shutdown(), this.#meterProvider.shutdown()]);
    context.disable();
    trace.disable();
  }
}
