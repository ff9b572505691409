// Part of `pnpm check`: no package grows unnoticed. Where the goal is missed, the limit is what is reached today.
import { sizeOf } from './costs/size.ts';

const core = '@tokenline/core';
const packages = [
  { name: core, with: 'with its dependencies', without: [], goal: 10_000, limit: 25_000 },
  { name: '@tokenline/axios', with: 'without core', without: [core], goal: 1_000, limit: 1_700 },
  { name: '@tokenline/got', with: 'without core', without: [core], goal: 1_000, limit: 1_200 },
  { name: '@tokenline/ky', with: 'without core', without: [core], goal: 1_000, limit: 1_200 },
  { name: '@tokenline/fetch', with: 'without core', without: [core], goal: 1_000, limit: 1_200 },
  { name: '@tokenline/undici', with: 'without core', without: [core], goal: 1_000, limit: 1_300 },
];

for (const { name, with: how, without, goal, limit } of packages) {
  const { gzipped } = await sizeOf([name], without);
  const verdict = gzipped <= goal ? 'within its goal' : `${gzipped - goal} over its goal`;
  console.log(`${name} ${how}: ${gzipped} bytes min+gzip, ${verdict} of ${goal}; its limit is ${limit}`);
  if (gzipped > limit) process.exitCode = 1;
}
