export { faults, inflict } from './faults.ts';
export { Fleet, type FleetOptions } from './fleet.ts';
export type { Process } from './process.ts';
export { type Overrides, runSeed } from './seed.ts';
export { clockTime } from './timeline.ts';
export { Watch } from './watch.ts';
export { World } from './world.ts';
