// Part of `pnpm check`: no package grows unnoticed. Where the goal is missed, the limit is what is reached today.
import { type Size, sizeOf, sizeOfModule } from './costs/size.ts';

interface Budget {
  readonly what: string;
  readonly measure: () => Promise<Size>;
  readonly goal?: number;
  readonly limit: number;
}

const core = '@tokenline/core';
/** What nobody goes without: a source for a client with a secret, and all that an adapter may take. */
const mainJob = `export { Authorizer, canSendAgain, createTokenSource, discard, invalidOption, nextHop } from '${core}';`;

const adapters = [
  { name: '@tokenline/axios', limit: 1_700 },
  { name: '@tokenline/got', limit: 1_200 },
  { name: '@tokenline/ky', limit: 1_200 },
  { name: '@tokenline/fetch', limit: 1_200 },
  { name: '@tokenline/undici', limit: 1_300 },
];

const budgets: readonly Budget[] = [
  {
    what: `${core}, the main job, with dependencies`,
    measure: () => sizeOfModule(mainJob),
    goal: 10_000,
    limit: 16_200,
  },
  { what: `${core}, everything, with dependencies`, measure: () => sizeOf([core]), limit: 22_300 },
  ...adapters.map(({ name, limit }) => ({
    what: `${name} without core`,
    measure: () => sizeOf([name], [core]),
    goal: 1_000,
    limit,
  })),
];

for (const { what, measure, goal, limit } of budgets) {
  const { gzipped } = await measure();
  console.log(`${what}: ${gzipped} bytes min+gzip${verdict(gzipped, goal)}; its limit is ${limit}`);
  if (gzipped > limit) process.exitCode = 1;
}

function verdict(bytes: number, goal: number | undefined): string {
  if (goal === undefined) return '';
  return bytes <= goal ? `, within its goal of ${goal}` : `, ${bytes - goal} over its goal of ${goal}`;
}
