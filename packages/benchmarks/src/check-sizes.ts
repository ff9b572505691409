// Part of `pnpm check`: no package grows unnoticed. Where a goal is missed, the limit is what is reached today; the README says why.
import { type Size, sizeOf, sizeOfImports } from './costs/size.ts';

interface Budget {
  readonly what: string;
  readonly measure: () => Promise<Size>;
  readonly goal?: number;
  readonly limit: number;
}

const core = '@tokenline/core';
/** What one imports for a token and no more: the peers that the goal was set beside are measured in the same way. */
const source = ['createTokenSource'];

const adapters = [
  { name: '@tokenline/axios', limit: 3_200 },
  { name: '@tokenline/got', limit: 1_250 },
  { name: '@tokenline/ky', limit: 1_250 },
  { name: '@tokenline/fetch', limit: 1_050 },
  { name: '@tokenline/undici', limit: 2_850 },
];

const budgets: readonly Budget[] = [
  {
    what: `${core}, createTokenSource with dependencies`,
    measure: () => sizeOfImports({ [core]: source }),
    goal: 14_000,
    limit: 19_450,
  },
  {
    what: `@tokenline/fetch, createCustomTokenSource and bearerAuth`,
    measure: () => sizeOfImports({ '@tokenline/fetch': ['createCustomTokenSource', 'bearerAuth'] }),
    goal: 8_500,
    limit: 16_650,
  },
  {
    what: `@tokenline/fetch, createTokenSource and bearerAuth`,
    measure: () => sizeOfImports({ '@tokenline/fetch': ['createTokenSource', 'bearerAuth'] }),
    limit: 25_050,
  },
  { what: `${core}, everything`, measure: () => sizeOf([core, `${core}/adapter`]), limit: 37_150 },
  ...adapters.map(({ name, limit }) => ({
    what: `${name} without core`,
    measure: () => sizeOf([name], [core, `${core}/adapter`]),
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
