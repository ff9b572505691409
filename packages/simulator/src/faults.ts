import type { Condition } from './identity-server.ts';
import type { Fleet } from './fleet.ts';
import type { Process } from './process.ts';
import type { StoreCondition } from './store.ts';

/** Something that goes wrong, and how. It says what it is, and returns what puts it right. */
type Fault = (fleet: Fleet, duration: number) => readonly [string, () => void];

/** What can go wrong, by name. */
export const faults: Readonly<Record<string, Fault>> = {
  refused: identityServer('refuses connections'),
  silent: identityServer('is silent'),
  unavailable: identityServer('answers with 503'),
  slow: identityServer('is slow'),
  erratic: identityServer('fails at times'),
  revoked: ({ identityServer: server }) => [
    'all tokens are revoked',
    // As after a restart with new keys: what was issued before is worthless.
    (server.revokeAll(), nothing),
  ],
  API: (fleet) => {
    fleet.refusing = true;
    return ['the API refuses every token', () => (fleet.refusing = false)];
  },
  'store-refused': store('refuses connections'),
  'store-silent': store('is silent'),
  'store-slow': store('is slow'),
  'store-full': store('is full'),
  'store-flushed': ({ store: flushed }) => ['the store forgets everything', (flushed.flush(), nothing)],
  'store-hoarding': ({ store: hoarding, watch }) => {
    hoarding.keepsAll = watch.hoarding = true;
    return ['the store keeps what is over, and does not say since when', () => (hoarding.keepsAll = false)];
  },
  'store-stale': (fleet) => ['reads from the store come from a replica that lags behind', fleet.store.lag()],
  loss: ({ network, world }) => {
    const loss = world.random.between(0.05, 0.5);
    network.loss += loss;
    return [
      `the network loses ${Math.round(loss * 100)} % of all messages`,
      () => (network.loss = Math.max(0, network.loss - loss)),
    ];
  },
  latency: ({ network, world }) => {
    const factor = world.random.ofSize(3, 100);
    network.slowness *= factor;
    return [`the network is ${Math.round(factor)} times slower`, () => (network.slowness /= factor)];
  },
  partition: (fleet) => {
    const host = fleet.world.random.pick(['identity server', 'store'] as const);
    const cut = someOf(fleet);
    for (const process of cut) fleet.network.cut[host].add(process);
    const heal = (): void => cut.forEach((process) => fleet.network.cut[host].delete(process));
    return [`${namesOf(cut)} cannot reach the ${host}`, heal];
  },
  crash: (fleet) => {
    const ended = someOf(fleet).filter(({ isUp }) => isUp);
    for (const process of ended) process.crash();
    return [`${namesOf(ended)} crash`, () => ended.forEach((process) => fleet.start(process))];
  },
  stop: (fleet, duration) => {
    const stopped = someOf(fleet);
    for (const process of stopped) process.stop(duration);
    return [`${namesOf(stopped)} are stopped`, nothing];
  },
  skew: (fleet) => {
    const { random } = fleet.world;
    const set = someOf(fleet);
    for (const process of set) process.skew += random.between(-1, 1) * random.ofSize(1_000, 600_000);
    // Wall clocks stay wrong.
    fleet.watch.skewed = true;
    return [`the wall clocks of ${namesOf(set)} are set wrong`, nothing];
  },
};

/** What leaves the processes and their store well, and the way between them. */
const elsewhere = new Set(['refused', 'silent', 'unavailable', 'slow', 'erratic', 'revoked']);

/** The store gives no answer, or none that helps. */
const down = new Set(['store-refused', 'store-silent']);

/** Begins a fault, and ends it after a while. */
export function inflict(fleet: Fleet, name: string, duration: number): void {
  const { timeline } = fleet.world;
  const [what, end] = faults[name]!(fleet, duration);
  const over = fleet.watch.disturbances.begin({ inFleet: !elsewhere.has(name), isStoreDown: down.has(name) });
  timeline.add('fault', `FAULT: ${what} (${name}, ${(duration / 1_000).toFixed(1)} s)`);
  fleet.world.after(duration, () => {
    end();
    over();
    timeline.add('fault', `over: ${what}`);
  });
}

function nothing(): void {}

function identityServer(condition: Condition): Fault {
  return ({ identityServer: server, world }) => {
    server.condition = condition;
    server.slowPace = world.random.between(1_000, 9_000);
    return [`the identity server ${condition}`, () => (server.condition = 'well')];
  };
}

function store(condition: StoreCondition): Fault {
  return (fleet) => {
    fleet.store.condition = condition;
    return [`the store ${condition}`, () => (fleet.store.condition = 'well')];
  };
}

/** One process, a few or all. */
function someOf({ processes, world: { random } }: Fleet): Process[] {
  const share = random.pick([0, 0.3, 0.8, 1]);
  const one = random.pick(processes);
  return processes.filter((process) => process === one || random.chance(share));
}

function namesOf(processes: readonly Process[]): string {
  const names = processes.slice(0, 3).map(({ name }) => name);
  return processes.length > 3 ? `${names.join(', ')} and ${processes.length - 3} more` : names.join(', ') || 'none';
}
