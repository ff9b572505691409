import { inflict } from './faults.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { World } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** A row of the table. */
interface Scenario {
  readonly title: string;
  readonly options?: Partial<FleetOptions>;
  /** The name of what goes wrong, from when on, and for how long. */
  readonly fault?: readonly [name: string, begin: number, duration: number];
  /** How long it takes. */
  readonly duration: number;
  /** From when on it is measured: the hour before is not what the row is about. */
  readonly from?: number;
}

/** Each process makes one call when it starts, and none after that. */
const once = { gap: 1_000 * hour };
/** All have a token, which nears its end from 54 minutes on. */
const anHour = { start: minute, gap: minute };

const scenarios: readonly Scenario[] = [
  { title: 'cold start, all in one second', options: once, duration: 20 * second },
  { title: 'cold start, over 10 minutes', options: { ...once, start: 10 * minute }, duration: 11 * minute },
  {
    title: 'cold start, a token request takes 7 seconds',
    options: { ...once, pace: 7 * second },
    duration: 20 * second,
  },
  { title: 'expiry', options: anHour, duration: 62 * minute, from: 50 * minute },
  {
    title: 'a revocation that all see in one second',
    options: { gap: second },
    fault: ['revoked', 20 * second, second],
    duration: 40 * second,
    from: 20 * second,
  },
  {
    title: 'the store is down, tokens are fresh',
    options: anHour,
    fault: ['store-refused', 10 * minute, 20 * minute],
    duration: 30 * minute,
    from: 10 * minute,
  },
  {
    title: 'the store is down at expiry',
    options: anHour,
    fault: ['store-refused', 50 * minute, 15 * minute],
    duration: 62 * minute,
    from: 50 * minute,
  },
  {
    title: 'the store is silent at a cold start in one second',
    options: once,
    fault: ['store-silent', 0, minute],
    duration: 20 * second,
  },
  {
    title: 'the identity server answers with 503 for 2 minutes, from a cold start in one second on',
    options: { gap: 10 * second },
    fault: ['unavailable', 0, 2 * minute],
    duration: 4 * minute,
  },
  {
    title: 'the identity server is silent for 2 minutes, from a cold start in one second on',
    options: { gap: 10 * second },
    fault: ['silent', 0, 2 * minute],
    duration: 4 * minute,
  },
];

/** Simulates processes in each scenario whose title has the text, with a store and without one. */
export async function printTable(text: string, processes: number, print: (line: string) => void): Promise<void> {
  const heads = [
    `${count(processes)} processes`,
    'token requests without a store',
    'with one',
    'scripts in the store',
    'longest wait with a store',
  ];
  const printRow = (cells: readonly string[]): void => print(`| ${cells.join(' | ')} |`);
  printRow(heads);
  printRow(heads.map(() => '---'));
  for (const scenario of scenarios.filter(({ title }) => title.includes(text))) {
    const { requests, scripts, longest } = await run(scenario, processes, true);
    const alone = await run(scenario, processes, false);
    printRow([scenario.title, alone.requests, requests, scripts, longest]);
  }
}

/** What a scenario comes to, as text. */
interface Result {
  readonly requests: string;
  readonly scripts: string;
  readonly longest: string;
}

async function run(scenario: Scenario, processes: number, shared: boolean): Promise<Result> {
  const { options, fault, duration, from = 0 } = scenario;
  const usual = { processes, lifetime: hour, pace: 100, gap: minute, start: second };
  const world = new World(1);
  const fleet = new Fleet(world, { ...usual, ...options, shared });
  if (fault !== undefined) {
    const [name, begin, length] = fault;
    world.after(begin, () => inflict(fleet, name, length), -1);
  }
  await fleet.run(duration);
  const { requests, violations, longest } = fleet.watch;
  if (violations.length > 0) throw new Error(`a rule was broken: ${violations[0]}`);
  const [total, peak] = [requests.total(from), requests.peak(from)];
  const scripts = fleet.store.scripts;
  return {
    requests: total > 1 ? `${count(total)}, ${count(peak)} in one second at most` : count(total),
    scripts: `${count(scripts.total(from))}, ${count(scripts.peak(from))} in one second at most`,
    longest: `${(longest / second).toFixed(1)} s`,
  };
}

function count(value: number): string {
  return value.toLocaleString('en');
}
