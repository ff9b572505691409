import { context, type Span, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { AcquisitionTrace } from '@tokenline/core';
import { attributesOf, cut } from './attributes.ts';
import { type EndedAcquisition, onAcquisition, onEvent } from './channels.ts';

/** Records each acquisition as a span, below that of the caller that caused it. Returns what ends that. */
export function recordSpans(tracer: Tracer): () => void {
  const spans = new WeakMap<AcquisitionTrace, Span>();
  const underWay = new Map<number, Span>();
  /** The spans of callers that wait for an acquisition which is about to start. */
  const early = new Map<number, Span[]>();
  let newest = 0;

  const start = (acquisition: AcquisitionTrace): void => {
    const { scope, background, run, acquisition: number } = acquisition;
    const waiting = early.get(number) ?? [];
    early.delete(number);
    newest = Math.max(newest, number);
    const attributes = attributesOf(acquisition, { 'tokenline.scope': scope, 'tokenline.background': background });
    const span = tracer.startSpan('tokenline.acquire', { attributes });
    spans.set(acquisition, span);
    underWay.set(number, span);
    for (const each of waiting) each.addLink({ context: span.spanContext() });
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
      span.setAttribute('error.type', cut(String(event.code)));
      // A message of the library's own, which holds no credential.
      const message = error instanceof Error ? cut(withHostsAlone(error.message)) : '';
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    span.end();
  };

  const endTraces = onAcquisition(start, end);
  const endEvents = onEvent(({ type, acquisition }) => {
    if (type !== 'joined' || acquisition === undefined) return;
    const waiting = trace.getActiveSpan();
    if (waiting === undefined) return;
    const joined = underWay.get(acquisition);
    if (joined !== undefined) waiting.addLink({ context: joined.spanContext() });
    // One that has just ended starts no more.
    else if (acquisition > newest) early.set(acquisition, [...(early.get(acquisition) ?? []), waiting]);
  });
  return () => {
    endTraces();
    endEvents();
    // Nobody is there to end them later, and a span without an end is never exported.
    for (const span of underWay.values()) span.end();
  };
}

/** A text with the host alone of each URL in it. */
function withHostsAlone(text: string): string {
  const url = /\b[a-z][a-z\d+.-]*:\/\/(?:[^\s/?#]*@)?([^\s/?#]*?)(?:[/?#]\S*?)?(?=[:;,.)]*(?:\s|$))/gi;
  return text.replaceAll(url, '$1');
}
