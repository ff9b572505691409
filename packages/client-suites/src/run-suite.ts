import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode } from './process.ts';
import { type Redirection, variable } from './redirect/redirection.ts';
import type { Suite } from './suites.ts';
import { readTap } from './tap.ts';

export interface Job {
  readonly suite: Suite;
  readonly folder: string;
  readonly files: readonly string[];
  /** For each file, in milliseconds. */
  readonly limit: number;
  readonly attached: boolean;
}

export interface SuiteOutcome {
  /** Names that begin with their file. */
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** Files that reached the limit. */
  readonly ended: readonly string[];
}

const hooks = new URL('redirect/node-hooks.ts', import.meta.url).href;

/** Runs the tests once, each file in a process of its own. */
export async function runSuite(job: Job): Promise<SuiteOutcome> {
  const queue = [...job.files];
  const outcomes: SuiteOutcome[] = [];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) outcomes.push(await runFile(job, file));
  };
  await Promise.all(Array.from({ length: job.suite.width }, work));
  return {
    passed: new Set(outcomes.flatMap(({ passed }) => [...passed])),
    failed: new Set(outcomes.flatMap(({ failed }) => [...failed])),
    ended: outcomes.flatMap(({ ended }) => ended),
  };
}

async function runFile(job: Job, file: string): Promise<SuiteOutcome> {
  const { suite, folder, limit } = job;
  const parameters = suite.runner.parameters(folder, file);
  const { output, ended } = await runNode({ parameters, cwd: folder, env: environment(job), limit });
  return { ...readTap(output, file), ended: ended ? [file] : [] };
}

/** Both runs have the same environment but for the redirection, which the hooks do nothing without. */
function environment({ suite, folder, attached }: Job): NodeJS.ProcessEnv {
  const url = (file: string): string => pathToFileURL(join(folder, file)).href;
  const redirection: Redirection = {
    client: suite.client,
    entries: suite.entries.map(url),
    tests: `${url(suite.tests)}/`,
    attached: new URL(`attach/${suite.attached}`, import.meta.url).href,
  };
  const preloaded = [suite.preload, hooks].filter((name) => name !== undefined);
  return {
    ...process.env,
    FORCE_COLOR: '0',
    NODE_OPTIONS: preloaded.map((name) => `--import=${name}`).join(' '),
    ...(attached && { [variable]: JSON.stringify(redirection) }),
  };
}
