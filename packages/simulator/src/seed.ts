import { faults, inflict } from './faults.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import type { Random } from './random.ts';
import { World } from './world.ts';

const second = 1_000;
const minute = 60 * second;
/** So long before the end nothing goes wrong any more. */
const calm = 2 * minute;
/** Calls in all: a short run is to be short. */
const mostCalls = 500;

/** What a run differs in from that which its seed says. */
export interface Overrides extends Partial<FleetOptions> {
  /** How long it lasts, in milliseconds. */
  readonly duration?: number;
  /** The names of what goes wrong. */
  readonly faults?: readonly string[];
}

/** Everything that one seed says, and nothing else: the fleet, and what befalls it when. */
export async function runSeed(seed: number, overrides: Overrides = {}): Promise<Fleet> {
  const world = new World(seed);
  const { duration, faults: names, options } = draw(world.random, overrides);
  const fleet = new Fleet(world, options);
  const { random } = world;
  let begin = 0;
  for (const name of names) {
    const length = Math.min(random.ofSize(second, 10 * minute), (duration - calm) / 2);
    // Troubles come together.
    begin = random.chance(0.5) ? random.between(0, duration - calm) : begin + random.between(0, 5 * second);
    begin = Math.min(begin, duration - calm - length);
    world.after(begin, () => inflict(fleet, name, length));
  }
  await fleet.run(duration);
  return fleet;
}

function draw(random: Random, overrides: Overrides) {
  const { duration = random.between(3, 15) * minute, faults: chosen, ...given } = overrides;
  const processes = given.processes ?? Math.round(random.chance(0.05) ? random.ofSize(30, 300) : random.ofSize(1, 30));
  const options: FleetOptions = {
    processes,
    lifetime: random.pick([0.5, 1, 5, 60]) * minute,
    pace: random.ofSize(5, 1_500),
    gap: Math.max(random.ofSize(second / 2, 20 * second), (processes * duration) / mostCalls),
    start: random.pick([0, second, minute]),
    shared: random.chance(0.9),
    ...given,
  };
  const count = random.whole(0, 6);
  const names = chosen ?? Array.from({ length: count }, () => random.pick(Object.keys(faults)));
  return { duration, faults: names, options };
}
