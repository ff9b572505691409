import { bundle } from '../bundle.ts';
import { after, type Child, runToEnd, start } from '../child.ts';
import type { Result } from '../servers/protocol.ts';
import { environmentOf, type Runtime, type Stage } from './runtime.ts';

const second = 1_000;
/** How long all cases may take. */
const longest = 240 * second;

/** A runtime that runs a file as a process, as Node does. */
export function processRuntime(
  name: string,
  locate: () => Promise<string>,
  { parameters = [], leftOut = {} }: { parameters?: readonly string[]; leftOut?: Runtime['leftOut'] } = {},
): Runtime {
  return {
    name,
    leftOut,
    async run(stage) {
      const program = await locate();
      const version = /\d+\.\d+\.\d+/.exec(await runToEnd(program, ['--version'], 20 * second))?.[0] ?? '';
      const file = await bundle({ entry: 'process', hasModules: true });
      const environment = JSON.stringify(environmentOf({ name, leftOut }, stage));
      const child = start(program, [...parameters, file, environment]);
      try {
        return { version, results: [await ending(child, name, stage)] };
      } finally {
        await child.stop();
      }
    },
  };
}

/** Whether the process ends by itself soon after its last case. */
async function ending(child: Child, name: string, stage: Stage): Promise<Result> {
  const result = { about: 'core', name: 'the process ends by itself' };
  const status = await Promise.race([child.ended, untilDone(name, stage)]);
  const { done } = await stage.report(name);
  const failed = (reason: string): Result => ({ ...result, outcome: 'failed', reason });
  if (!done) return failed(`the script did not come to its end: ${child.output().trim().slice(-400)}`);
  const ended = status ?? (await Promise.race([child.ended, after(15 * second)]));
  if (ended === undefined) return failed('15 seconds after its last case it was still there');
  return ended === 0
    ? { ...result, outcome: 'passed' }
    : failed(`status ${ended}: ${child.output().trim().slice(-400)}`);
}

/** Waits until the script has reported that it is done, or until its time is over. */
export async function untilDone(name: string, stage: Stage): Promise<undefined> {
  const end = performance.now() + longest;
  while (performance.now() < end && !(await stage.report(name)).done)
    await new Promise((resolve) => setTimeout(resolve, 250));
}
