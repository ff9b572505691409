// Part of `pnpm check`: no package grows unnoticed. Where a goal is missed, the limit is what is reached today; the README says why.
import { type Size, sizeOf, sizeOfImports } from './costs/size.ts';

interface Budget {
  readonly what: string;
  readonly measure: () => Promise<Size>;
  readonly goal?: number;
  readonly limit: number;
}

const core = '@tokenline/core';
/** What one imports for a token and no more: how the peers that the goal was set beside are measured, too. */
const source = ['createTokenSource'];
/** The same, with all that an adapter may take. */
const mainJob = [...source, 'Authorizer', 'canSendAgain', 'discard', 'nextHop', 'wrongClient'];

const adapters = [
  { name: '@tokenline/axios', limit: 1_450 },
  { name: '@tokenline/got', limit: 1_000 },
  { name: '@tokenline/ky', limit: 1_000 },
  { name: '@tokenline/fetch', limit: 1_000 },
  { name: '@tokenline/undici', limit: 1_000 },
];

const budgets: readonly Budget[] = [
  {
    what: `${core}, createTokenSource with dependencies`,
    measure: () => sizeOfImports({ [core]: source }),
    goal: 10_000,
    limit: 13_800,
  },
  {
    what: `${core}, the same with all for an adapter`,
    measure: () => sizeOfImports({ [core]: mainJob }),
    limit: 16_400,
  },
  { what: `${core}, everything`, measure: () => sizeOf([core]), limit: 22_500 },
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
