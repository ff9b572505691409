import { causesOf } from '@tokenline/core/adapter';
import type { Result } from '../servers/protocol.ts';
import { type Case, type Environment, reasonToLeaveOut } from './case.ts';
import { ask, World } from './world.ts';

/** No case takes as long as this many milliseconds, unless it hangs. */
const longest = 60_000;

/** Runs the cases one after the other, and reports each. */
export async function runAll(environment: Environment, cases: readonly Case[]): Promise<void> {
  for (const each of cases) await report(environment, [await resultOf(environment, each)]);
  await report(environment, [], true);
}

export async function report(
  { control, runtime }: Environment,
  results: readonly Result[],
  done = false,
): Promise<void> {
  await ask('POST', `${control}/reports/${runtime}`, { results, done });
}

/** Runs one case in a world of its own. */
export async function resultOf(environment: Environment, tested: Case): Promise<Result> {
  const { about, name } = tested;
  const reason = reasonToLeaveOut(environment, tested);
  if (reason !== undefined) return { about, name, outcome: 'left out', reason };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${longest / 1_000} s`)), longest);
  });
  let world: World | undefined;
  try {
    world = await World.open(environment.control);
    await Promise.race([tested.run(world), late]);
    return { about, name, outcome: 'passed' };
  } catch (error) {
    return { about, name, outcome: 'failed', reason: told(error) };
  } finally {
    clearTimeout(timer);
    await world?.close();
  }
}

/** An error with its causes, in a line. */
function told(error: unknown): string {
  const causes = causesOf(error).map((each) => `${(each as Error).name}: ${(each as Error).message}`);
  return (causes.join(' < ') || String(error)).replaceAll(/\s+/g, ' ').slice(0, 500);
}
