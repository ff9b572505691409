import type { Attributes } from '@opentelemetry/api';

/** So many combinations of attributes one metric has at most: each is kept by the SDK and by the database for ever. */
const most = 1_000;
/** What OpenTelemetry gives to whatever is one too many. */
const overflow: Attributes = { 'otel.metric.overflow': true };

/** The time series of one metric. */
export class Series {
  readonly #known: Set<string> = new Set();

  /** These attributes, or those of the series that takes whatever is one too many. */
  of(attributes: Attributes): Attributes {
    const name = JSON.stringify(attributes);
    if (this.#known.has(name)) return attributes;
    if (this.#known.size === most) return overflow;
    this.#known.add(name);
    return attributes;
  }
}
