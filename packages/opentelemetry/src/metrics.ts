import { type Attributes, type Meter, type MetricOptions, ValueType } from '@opentelemetry/api';
import type { StoreReport, TokenEvent } from '@tokenline/core';
import { attributesOf, type Origin } from './attributes.ts';
import { onEvent, onStoreOperation } from './channels.ts';
import { Expiries } from './expiries.ts';
import { Series } from './series.ts';

/** In seconds: a token request takes some milliseconds in a data centre, and at most its time-out. */
const explicitBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Why an operation on a store failed. */
const failures: readonly string[] = ['timeout', 'error', 'unreadable'];

type Outcome = TokenEvent & { type: 'acquired' | 'store-hit' | 'failed' | 'skipped' | 'aborted' };
type Count = (origin: Origin, more?: Attributes) => void;

/** Counts what happens to tokens. Returns what ends that. */
export function recordMetrics(meter: Meter): () => void {
  const counter = (name: string, unit: string, description: string): Count => {
    const options: MetricOptions = { unit: `{${unit}}`, description, valueType: ValueType.INT };
    const [instrument, series] = [meter.createCounter(`tokenline.${name}`, options), new Series()];
    return (origin, more) => instrument.add(1, series.of(attributesOf(origin, more)));
  };
  const acquisition = counter('acquisitions', 'acquisition', 'Attempts to acquire a token, by their outcome');
  const refused = counter('token.refusals', 'refusal', 'Tokens that an API refused');
  const replayed = counter('requests.replayed', 'request', 'Requests that were sent once more after a 401');
  const passed = counter('requests.passed', 'request', 'Requests that were sent without a token of the source');
  const operation = counter('store.operations', 'operation', 'Operations on the shared store, by what came of them');
  const duration = meter.createHistogram('tokenline.token_request.duration', {
    unit: 's',
    description: 'How long token requests took',
    advice: { explicitBucketBoundaries },
  });
  const durations = new Series();
  const gauge = meter.createObservableGauge('tokenline.token.expires_in', {
    unit: 's',
    description: 'How long the current token is still valid',
  });
  const expiries = new Expiries();
  gauge.addCallback(expiries.observe);

  const ended = (event: Outcome): void => {
    const outcome = { 'tokenline.outcome': event.type, 'error.type': 'code' in event ? event.code : undefined };
    acquisition(event, outcome);
    if (event.type === 'acquired' || event.type === 'failed')
      duration.record(event.duration / 1_000, durations.of(attributesOf(event, outcome)));
  };
  const operated = ({ operation: name, outcome, ...origin }: StoreReport): void => {
    const failed = failures.includes(outcome);
    const result = {
      'tokenline.store.result': failed ? 'failed' : outcome,
      'error.type': failed ? outcome : undefined,
    };
    operation(origin, { 'tokenline.store.operation': name, ...result });
  };

  const ends = [
    onStoreOperation(operated),
    onEvent((event) => {
      expiries.learn(event);
      switch (event.type) {
        case 'acquired':
        case 'store-hit':
        case 'failed':
        case 'skipped':
        case 'aborted':
          return ended(event);
        case 'rejected':
          return refused(event);
        case 'replayed':
          return replayed(event);
        case 'passed':
          return passed(event, { 'tokenline.reason': event.reason });
        // Every call for a token is an event, too, and costs no more than this.
        default:
          return undefined;
      }
    }),
  ];
  return () => {
    for (const end of ends) end();
    gauge.removeCallback(expiries.observe);
  };
}
