import { parseArgs } from 'node:util';
import { measureHerds } from './behaviours/herds.ts';
import { measureOutage } from './behaviours/outage.ts';
import { measureRefusingApi } from './behaviours/refusing-api.ts';
import { measureShortLifetime } from './behaviours/short-lifetime.ts';
import { exceeded } from './budgets.ts';
import type { Contender } from './contender.ts';
import { blogInterceptor } from './contenders/blog-interceptor.ts';
import { contenders } from './contenders/all.ts';
import { measureAddedCost } from './costs/added-cost.ts';
import { measureGetToken } from './costs/get-token.ts';
import { measureHeapPerKey } from './costs/heap-per-key.ts';
import { measureImportTime } from './costs/import-time.ts';
import { InstantTarget } from './costs/instant-target.ts';
import { measureListeners } from './costs/listeners.ts';
import { sizeOfImports } from './costs/size.ts';
import { drawCharts } from './report/charts.ts';
import { environment } from './report/environment.ts';
import { tableOf } from './report/table.ts';
import { type Result, type Results, writeResults, writeTable } from './results.ts';

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);

const began = performance.now();
function announce(what: string): void {
  console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${what}`);
}

/** Runs side by side only contenders of the same client, so that each has its floor beside it, and no more than fit. */
const groups: readonly (readonly Contender[])[] = quick
  ? [contenders.filter((contender) => shownQuickly(contender))]
  : [['axios'], ['fetch'], ['got'], ['ky', 'undici'], ['gaxios', 'core-rest-pipeline']].map((clients) =>
      contenders.filter(({ client }) => clients.includes(client)),
    );

function shownQuickly(contender: Contender): boolean {
  const { role, client } = contender;
  return role === 'tokenline' || contender === blogInterceptor || (role === 'floor' && client === 'undici');
}

async function inGroups<T>(
  what: string,
  measure: (group: readonly Contender[]) => Promise<Map<Contender, T>>,
): Promise<Map<Contender, T>> {
  const all = new Map<Contender, T>();
  for (const group of groups) {
    announce(`${what}: ${group.map(({ name }) => name).join(' · ')}`);
    for (const [contender, result] of await measure(group)) all.set(contender, result);
  }
  return all;
}

const withTokens = (group: readonly Contender[]): Contender[] =>
  group.filter(({ role }) => role === 'tokenline' || role === 'peer');

const shortLifetime = await inGroups('expires_in 4 s', (group) =>
  measureShortLifetime(group.filter(({ role }) => role !== 'reference')),
);
const outage = await inGroups('outage', (group) => measureOutage(withTokens(group)));
const refusingApi = await inGroups('an API that refuses', (group) => measureRefusingApi(withTokens(group)));
const herds = await inGroups('herds', (group) => measureHerds(withTokens(group)));

const instant = await InstantTarget.start();
announce('time and bytes added, stubbed transport');
const stubbed = await measureAddedCost(contenders, instant.target(true), quick ? 60 : 400);
announce('time and bytes added, loopback');
const loopback = await measureAddedCost(contenders, instant.target(false), quick ? 20 : 200);
announce('getToken(), heap, size and import time');
const getToken = await measureGetToken(contenders, instant.target(false), quick ? 50 : 300);
const heapPerKey = await measureHeapPerKey(contenders, instant.target(false), quick ? 1 : 5);
await instant[Symbol.asyncDispose]();
const importTime = await measureImportTime(contenders, quick ? 3 : 15);
announce('listeners');
const listeners = await measureListeners(quick ? 50 : 400);

const results: Result[] = [];
for (const contender of contenders) {
  const { name, client, role, imports, usage } = contender;
  results.push({
    name,
    client,
    role,
    usage,
    herds: herds.get(contender),
    outage: outage.get(contender),
    shortLifetime: shortLifetime.get(contender),
    refusingApi: refusingApi.get(contender),
    stubbed: stubbed.get(contender),
    loopback: loopback.get(contender),
    getToken: getToken.get(contender),
    heapPerKey: heapPerKey.get(contender),
    size: Object.keys(imports).length > 0 ? await sizeOfImports(imports) : undefined,
    importTime: importTime.get(contender),
  });
}

const all: Results = { environment: environment(), results, listeners };
console.log(tableOf(all));
if (!quick) {
  writeResults('results', all);
  writeTable('results', tableOf(all));
  await drawCharts(all);
}
announce(`done; unhandled rejections, by whomever: ${unhandled}`);

const misses = exceeded(results);
for (const miss of misses) console.error(`over budget: ${miss}`);
process.exitCode = misses.length > 0 ? 1 : 0;
