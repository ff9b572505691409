import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import { createTokenSource, sharedStore } from '@tokenline/core';
import { bearerAuth } from '@tokenline/fetch';
import { SnippetFolder, snippetsOf } from '../../../test/snippets.ts';
import { instrumentTokenline } from '../src/index.ts';

let identity: IdentityServer;
let api: ApiServer;
const folder = new SnippetFolder('observability', 'packages/opentelemetry/test');
beforeAll(async () => {
  identity = await IdentityServer.start();
  api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
});
afterAll(() => Promise.all([identity.close(), api.close(), folder.remove()]));

/** Does everything that there is a metric for. */
async function everything(): Promise<void> {
  const source = createTokenSource({ ...identity.client, store: sharedStore(new MemoryStore()) });
  const attached = bearerAuth(fetch, source, { origins: [api.origin] });
  await attached(`${api.origin}/orders`);
  identity.revokeAll();
  await attached(`${api.origin}/orders`);
  await attached(`${api.origin}/orders`, { headers: { authorization: 'Bearer of-its-own' } });
}

/** The names of the metrics in Prometheus' text. */
const namesIn = (text: string): string[] => [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);

const dashboard = readFileSync(new URL('../grafana-dashboard.json', import.meta.url), 'utf8');
const { panels }: { panels: { targets: { expr: string }[] }[] } = JSON.parse(dashboard);
/** The names in the expressions of the dashboard, as regular expressions. */
const shown = panels
  .flatMap(({ targets }) =>
    targets.flatMap(({ expr }) =>
      [...expr.matchAll(/tokenline_(?:[a-z_]|\(_seconds\)\?)+(?=[{"])/g)].map(([name]) => name),
    ),
  )
  .filter((name) => !name.startsWith('tokenline_client_id'));

/** Whether an expression of the dashboard is about a metric; of a histogram it takes the buckets. */
const shows = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern}$`).test(name) || new RegExp(`^${pattern}$`).test(`${name}_bucket`);

test('the dashboard shows each metric by the name that the Prometheus exporter gives it', async () => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ readers: [exporter] });
  const stop = instrumentTokenline({ meterProvider, tracerProvider: false });
  await everything();
  const { resourceMetrics } = await exporter.collect();
  const names = namesIn(new PrometheusSerializer().serialize(resourceMetrics)).filter((name) =>
    name.startsWith('tokenline_'),
  );
  stop();
  await meterProvider.shutdown();
  expect(names.filter((name) => !shown.some((pattern) => shows(pattern, name)))).toEqual([]);
  expect(shown.filter((pattern) => !names.some((name) => shows(pattern, name)))).toEqual([]);
});

/** Runs code of the page in a process of its own, since it never unsubscribes, and gives what it prints. */
async function outputOf(title: string, more = ''): Promise<string> {
  const snippet = snippetsOf('docs/observability.md').find(({ heading }) => heading === title);
  const addresses = { 'https://login.example.com': identity.issuer, 'https://api.example.com': api.origin };
  const file = await folder.write({ heading: title, code: `${snippet?.code}${more}` }, addresses);
  const env = { ...process.env, NODE_OPTIONS: '', CLIENT_SECRET: identity.client.clientSecret };
  return (await promisify(execFile)(process.execPath, [file], { env })).stdout;
}

test('the recipe for prom-client has metrics of the same names', async () => {
  const text = await outputOf(
    'Prometheus',
    `
import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { register } from 'prom-client';
const source = createTokenSource({
  issuer: 'https://login.example.com', clientId: 'orders', clientSecret: process.env.CLIENT_SECRET,
});
const attached = bearerAuth(fetch, source, { origins: ['https://api.example.com'] });
const own = { headers: { authorization: 'Bearer of-its-own' } };
await Promise.all([attached('https://api.example.com/orders'), attached('https://api.example.com/orders', own)]);
console.log(await register.metrics());
`,
  );
  const names = namesIn(text);
  expect(names).toHaveLength(5);
  for (const name of names) expect(shown.some((pattern) => shows(pattern, name))).toBe(true);
  const client = 'tokenline_client_id="orders"';
  expect(text).toContain(`\ntokenline_acquisitions_total{${client},tokenline_outcome="acquired",error_type=""} 1\n`);
  expect(text).toContain(`\ntokenline_requests_passed_total{${client},tokenline_reason="authorization"} 1\n`);
  expect(text).toMatch(/^tokenline_token_request_duration_seconds_count\{.*\} 1$/m);
  expect(Number(/^tokenline_token_expires_in_seconds\{.*\} (.*)$/m.exec(text)?.[1])).toBeGreaterThan(3_000);
});

test.each([
  ['Events', []],
  ['Diagnostics channels', ['wants a token', 'had its end']],
])('the snippet of the page under %s runs', async (title, printed) => {
  const before = identity.tokenRequests;
  expect((await outputOf(title)).match(/^\w+ \w+ \w+/gm) ?? []).toEqual(printed);
  expect(identity.tokenRequests - before).toBe(1);
});
