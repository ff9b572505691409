import { type MeterProvider, metrics, trace, type TracerProvider } from '@opentelemetry/api';
import { recordMetrics } from './metrics.ts';
import { recordSpans } from './spans.ts';

/** Where traces and metrics go. */
export interface InstrumentTokenlineOptions {
  /** @defaultValue the global one; `false`: no spans */
  readonly tracerProvider?: TracerProvider | false | undefined;
  /** @defaultValue the global one; `false`: no metrics */
  readonly meterProvider?: MeterProvider | false | undefined;
}

const name = '@tokenline/opentelemetry';

/**
 * Records traces and metrics of all token sources in this process. Call it once, after the SDK has been started.
 *
 * @example
 * ```ts
 * sdk.start();
 * instrumentTokenline();
 * ```
 * @returns a function that ends it.
 */
export function instrumentTokenline({
  tracerProvider = trace.getTracerProvider(),
  meterProvider = metrics.getMeterProvider(),
}: InstrumentTokenlineOptions = {}): () => void {
  const ends = [
    tracerProvider && recordSpans(tracerProvider.getTracer(name)),
    meterProvider && recordMetrics(meterProvider.getMeter(name)),
  ];
  return () => {
    for (const end of ends) if (end) end();
  };
}
