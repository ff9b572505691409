import { context, type Span, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { AcquisitionTrace } from '@tokenline/core';
import { attributesOf, defined } from './attributes.ts';
import { type EndedAcquisition, onAcquisition, onEvent } from './channels.ts';

/** Records each acquisition as a span, below that of the caller that caused it. Returns what ends that. */
export function recordSpans(tracer: Tracer): () => void {
  const spans = new WeakMap<AcquisitionTrace, Span>();
  const underWay = new Map<number, Span>();
  /** The spans of callers that wait for an acquisition which is about to start. */
  const early = new Map<number, Span[]>();

  const start = (acquisition: AcquisitionTrace): void => {
    const { scope, background, run } = acquisition;
    const attributes = defined({ 'tokenline.scope': scope, 'tokenline.background': background });
    const span = tracer.startSpan('tokenline.acquire', { attributes: { ...attributesOf(acquisition), ...attributes } });
    spans.set(acquisition, span);
    underWay.set(acquisition.acquisition, span);
    for (const waiting of early.get(acquisition.acquisition) ?? []) waiting.addLink({ context: span.spanContext() });
    early.delete(acquisition.acquisition);
    const inside = trace.setSpan(context.active(), span);
    acquisition.run = (work) => context.with(inside, () => (run === undefined ? work() : run(work)));
  };

  const end = (acquisition: EndedAcquisition): void => {
    underWay.delete(acquisition.acquisition);
    const span = spans.get(acquisition);
    const { event, error } = acquisition;
    if (span === undefined || event === undefined) return;
    span.setAttribute('tokenline.outcome', event.type);
    if ('lifetime' in event) span.setAttribute('tokenline.token.lifetime', event.lifetime / 1_000);
    if ('code' in event) {
      span.setAttribute('error.type', String(event.code));
      // A message of the library's own, which holds no credential.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : '' });
    }
    span.end();
  };

  const endTraces = onAcquisition(start, end);
  const endEvents = onEvent(({ type, acquisition }) => {
    const waiting = trace.getActiveSpan();
    if (type !== 'joined' || acquisition === undefined || waiting === undefined) return;
    const joined = underWay.get(acquisition);
    if (joined === undefined) early.set(acquisition, [...(early.get(acquisition) ?? []), waiting]);
    else waiting.addLink({ context: joined.spanContext() });
  });
  return () => {
    endTraces();
    endEvents();
  };
}
