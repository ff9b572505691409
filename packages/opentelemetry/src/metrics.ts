import { type Counter, type Meter, ValueType } from '@opentelemetry/api';
import type { TokenEvent } from '@tokenline/core';
import { attributesOf, defined } from './attributes.ts';
import { onEvent } from './channels.ts';
import { Expiries } from './expiries.ts';

/** In seconds: a token request takes some milliseconds in a data centre, and at most its time-out. */
const explicitBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Outcome = TokenEvent & { type: 'acquired' | 'store-hit' | 'failed' | 'skipped' | 'aborted' };
type StoreAnswer = TokenEvent & { type: 'store-hit' | 'store-miss' | 'store-failed' };

/** Counts what happens to tokens. Returns what ends that. */
export function recordMetrics(meter: Meter): () => void {
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(`tokenline.${name}`, { unit: `{${unit}}`, description, valueType: ValueType.INT });
  const acquisitions = counter('acquisitions', 'acquisition', 'Attempts to acquire a token, by their outcome');
  const refusals = counter('token.refusals', 'refusal', 'Tokens that an API refused');
  const replayed = counter('requests.replayed', 'request', 'Requests that were sent once more after a 401');
  const passed = counter('requests.passed', 'request', 'Requests that were sent without a token of the source');
  const store = counter('store.operations', 'operation', 'Looks at the shared store, and its failures');
  const duration = meter.createHistogram('tokenline.token_request.duration', {
    unit: 's',
    description: 'How long token requests took',
    advice: { explicitBucketBoundaries },
  });
  const gauge = meter.createObservableGauge('tokenline.token.expires_in', {
    unit: 's',
    description: 'How long the current token is still valid',
  });
  const expiries = new Expiries();
  gauge.addCallback(expiries.observe);

  const ended = (event: Outcome): void => {
    const code = 'code' in event ? event.code : undefined;
    const all = defined({ ...attributesOf(event), 'tokenline.outcome': event.type, 'error.type': code });
    acquisitions.add(1, all);
    if (event.type === 'acquired' || event.type === 'failed') duration.record(event.duration / 1_000, all);
  };
  const looked = (event: StoreAnswer): void => {
    const { operation, reason } = event.type === 'store-failed' ? event : { operation: 'get', reason: undefined };
    store.add(
      1,
      defined({
        ...attributesOf(event),
        'tokenline.store.operation': operation,
        'tokenline.store.result': event.type.slice('store-'.length),
        'error.type': reason,
      }),
    );
  };

  const end = onEvent((event) => {
    expiries.learn(event);
    switch (event.type) {
      case 'store-hit':
        looked(event);
        ended(event);
        break;
      case 'acquired':
      case 'failed':
      case 'skipped':
      case 'aborted':
        ended(event);
        break;
      case 'rejected':
        refusals.add(1, attributesOf(event));
        break;
      case 'replayed':
        replayed.add(1, attributesOf(event));
        break;
      case 'passed':
        passed.add(1, { ...attributesOf(event), 'tokenline.reason': event.reason });
        break;
      case 'store-miss':
      case 'store-failed':
        looked(event);
        break;
      // Every call for a token is an event, too, and costs no more than this.
      default:
    }
  });
  return () => {
    end();
    gauge.removeCallback(expiries.observe);
  };
}
