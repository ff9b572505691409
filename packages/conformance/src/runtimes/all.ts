import { chromium, firefox } from './browsers.ts';
import { bun } from './bun.ts';
import { deno } from './deno.ts';
import { edge } from './edge.ts';
import { miniflare } from './miniflare.ts';
import { nodes } from './node.ts';
import type { Runtime } from './runtime.ts';
import { workerds } from './workerd.ts';

/** All runtimes, in the order in which they are run. */
export const runtimes: readonly Runtime[] = [...nodes, bun, deno, ...workerds, miniflare, edge, chromium, firefox];
