import type { AddedCost } from '../costs/added-cost.ts';
import type { Result, Results } from '../results.ts';
import type { Spread } from '../statistics.ts';
import { listenersTable } from './listeners-table.ts';

type Column = readonly [title: string, cell: (result: Result) => string | undefined];

const behaviours: readonly Column[] = [
  ['', ({ name }) => name],
  ['1,000 cold', ({ herds }) => herds && count(herds.cold)],
  ['1,000 at expiry', ({ herds }) => herds && count(herds.expired)],
  ['500 × 401 at once', ({ herds }) => herds && count(herds.refused)],
  ['500 × 401 over 500 ms', ({ herds }) => herds && count(herds.refusedSlowly)],
  ['endpoint down 5 s', ({ outage }) => outage && whole(outage.tokenRequests)],
  [
    'recovered after',
    ({ outage }) => outage && (outage.recovery === undefined ? 'over 5 s' : seconds(outage.recovery)),
  ],
  ['API refuses 10 s', ({ refusingApi }) => refusingApi && whole(refusingApi.tokenRequests)],
];

const latencies: readonly Column[] = [
  ['', ({ name }) => name],
  ['token requests', ({ shortLifetime }) => shortLifetime && whole(shortLifetime.tokenRequests)],
  ['lost', ({ shortLifetime }) => shortLifetime && whole(shortLifetime.lost)],
  ['waited', ({ shortLifetime }) => shortLifetime && whole(shortLifetime.waited)],
  ['p50 · p99 during a token request', ({ shortLifetime }) => latency(shortLifetime?.renewing)],
  ['p50 · p99 otherwise', ({ shortLifetime }) => latency(shortLifetime?.otherwise)],
  [
    'ratio of the p50',
    ({ shortLifetime: short }) => short?.renewing && short.otherwise && times(short.renewing.p50 / short.otherwise.p50),
  ],
];

const requests: readonly Column[] = [
  ['', ({ name }) => name],
  ['stubbed: time', ({ stubbed }) => stubbed && microseconds(stubbed.time.median)],
  ['added', ({ role, stubbed }) => added(role, stubbed)],
  ['bytes', ({ stubbed }) => stubbed && kilobytes(stubbed.bytes.median)],
  ['added', ({ role, stubbed }) => addedBytes(role, stubbed)],
  ['loopback: time', ({ loopback }) => loopback && microseconds(loopback.time.median)],
  ['added', ({ role, loopback }) => added(role, loopback)],
];

/** The report as Markdown. */
export function tableOf({ environment, results, listeners = [] }: Results): string {
  const { date, node, platform, cpu, cores, load, versions } = environment;
  const first = results.find(({ role }) => role === 'tokenline');
  const rest: readonly Column[] = [
    ['', ({ name }) => name],
    [
      'a token that is there',
      ({ getToken }) => getToken && `${getToken.time.median.toFixed(0)} ns, ${times(getToken.ratio)}`,
    ],
    [
      'heap a key',
      ({ heapPerKey }) =>
        heapPerKey && beside(kilobytes(heapPerKey.median), heapPerKey.median, first?.heapPerKey?.median),
    ],
    ['min+gzip', ({ size }) => size && beside(kilobytes(size.gzipped), size.gzipped, first?.size?.gzipped)],
    [
      'import',
      ({ importTime }) =>
        importTime && beside(`${importTime.median.toFixed(1)} ms`, importTime.median, first?.importTime?.median),
    ],
  ];
  return (
    [
      '# Results',
      `${date.slice(0, 10)}, Node ${node.slice(1)} on ${platform}, ${cores} cores of ${cpu}, load ${load}.`,
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(' · '),
      '## Token requests',
      'In brackets: requests that did not get their 200. In the outage and with the API that refuses, 200 requests a second.',
      table(
        behaviours,
        results.filter(({ herds }) => herds),
      ),
      '## Tokens that live for 4 s, a token endpoint 200 ms away, 200 requests a second for 10 s',
      'Waited: took 100 ms or more while a token request was under way, and the bare client did not. Milliseconds.',
      table(
        latencies,
        results.filter(({ shortLifetime }) => shortLifetime),
      ),
      '## What a request costs',
      'One after the other, medians. Added: more than the same client with a hard-coded header, the middle half of all rounds in brackets, and how many times the floor that makes.',
      table(
        requests,
        results.filter(({ stubbed }) => stubbed),
      ),
      '## What the rest costs',
      'A token that is there: one await, beside an asynchronous function that returns a constant. The others: beside tokenline on axios; the size is that of what one imports, without the client.',
      table(
        rest,
        results.filter(({ role }) => role === 'tokenline' || role === 'peer'),
      ),
      '## What listeners cost',
      'Medians, the middle half of all rounds in brackets, and beside a source that has found no channel for its events. The tokens of an acquisition come from a stubbed transport.',
      listenersTable(listeners),
      '## As their READMEs say',
      results
        .filter(({ role }) => role === 'peer')
        .map(({ name, usage }) => `- ${name}: ${usage}`)
        .join('\n'),
    ].join('\n\n') + '\n'
  );
}

function table(columns: readonly Column[], results: readonly Result[]): string {
  const rows = [
    columns.map(([title]) => title),
    columns.map((_, index) => (index === 0 ? '---' : '--:')),
    ...results.map((result) => columns.map(([, cell]) => cell(result) ?? '–')),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function count({ tokenRequests, lost }: { tokenRequests: number; lost: number }): string {
  return lost === 0 ? whole(tokenRequests) : `${whole(tokenRequests)} (${whole(lost)})`;
}

function latency(value: { p50: number; p99: number } | undefined): string | undefined {
  return value && `${value.p50.toFixed(1)} · ${value.p99.toFixed(1)}`;
}

function added(role: Result['role'], cost: AddedCost | undefined): string | undefined {
  if (role === 'floor' || cost === undefined) return undefined;
  const { median, lower, upper }: Spread = cost.addedTime;
  return `${signed(median)} µs (${signed(lower)} … ${signed(upper)}), ${times(cost.ratio)}`;
}

function addedBytes(role: Result['role'], cost: AddedCost | undefined): string | undefined {
  if (role === 'floor' || cost === undefined) return undefined;
  const { median } = cost.addedBytes;
  return `${signed(median / 1_000)} kB, ${times(cost.bytes.median / (cost.bytes.median - median))}`;
}

function beside(text: string, value: number, reference: number | undefined): string {
  return reference === undefined ? text : `${text}, ${times(value / reference)}`;
}

const whole = (value: number): string => value.toLocaleString('en');
const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
const microseconds = (value: number): string => `${value.toFixed(1)} µs`;
const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
const times = (ratio: number): string => `× ${ratio.toFixed(2)}`;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
