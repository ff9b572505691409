import { setImmediate } from 'node:timers/promises';
import { createNoopMeter, diag, DiagLogLevel, type Meter, type Span, type Tracer, trace } from '@opentelemetry/api';
import { createTokenSource } from '@tokenline/core';
import { instrumentTokenline } from '../../src/index.ts';

// An SDK of which one part is broken.
const fault = process.env['FAULT'];
const told: unknown[] = [];
diag.setLogger(
  { error: (...text) => told.push(text), warn() {}, info() {}, debug() {}, verbose() {} },
  DiagLogLevel.ERROR,
);

function fail(): never {
  throw new Error('broken');
}

function startSpan(): Span {
  if (fault === 'tracer') fail();
  const span = trace.wrapSpanContext({ traceId: '0'.repeat(31) + '1', spanId: '0'.repeat(15) + '1', traceFlags: 0 });
  return fault === 'span' ? Object.assign(span, { setAttribute: fail }) : span;
}

const meter: Meter = createNoopMeter();
if (fault === 'counter') meter.createCounter = () => ({ add: fail });
instrumentTokenline({
  tracerProvider: { getTracer: () => ({ startSpan }) as unknown as Tracer },
  meterProvider: { getMeter: () => meter },
});

const source = createTokenSource(JSON.parse(process.env['CLIENT'] ?? ''));
const tokens = await Promise.all([source.getToken(), source.getToken()]);
await setImmediate();
console.log(JSON.stringify({ tokens: tokens.length, told: told.length > 0 }));
