// The spans of a token request that a fetch on `node:http` makes, as one line of JSON. In a process of its own, because the
// instrumentation changes the module.
import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { createTokenSource } from '@tokenline/core';
import { Telemetry } from '../telemetry.ts';

const telemetry = new Telemetry();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()], tracerProvider: telemetry.tracerProvider });
createRequire(import.meta.url)('node:http');
const { default: nodeFetch } = await import('node-fetch');

const source = createTokenSource({ ...JSON.parse(process.argv[2] ?? ''), fetch: nodeFetch });
await telemetry.inside('a request', () => source.getToken());
const spans = telemetry.spans.map((span) => ({
  name: span.name,
  id: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId,
}));
console.log(JSON.stringify(spans));
await telemetry.end();
