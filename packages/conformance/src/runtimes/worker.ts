import type { Result } from '../servers/protocol.ts';
import { environmentOf, type Runtime, type Stage } from './runtime.ts';

/** How a request gets to a worker. */
export type Dispatch = (path: string, init?: RequestInit) => Promise<Response>;

/** How long one case may take, and with it all that goes wrong around it. */
const longest = 90_000;

/** Runs all cases in a worker, one after the other, each in a request of its own. */
export async function runCases(
  runtime: Pick<Runtime, 'name' | 'leftOut'>,
  stage: Stage,
  dispatch: Dispatch,
): Promise<Result[]> {
  const { cases } = (await (await dispatch('/')).json()) as { cases: Pick<Result, 'about' | 'name'>[] };
  const body = JSON.stringify(environmentOf(runtime, stage));
  const results: Result[] = [];
  for (const [index, { about, name }] of cases.entries()) {
    try {
      const response = await dispatch(`/${index}`, { method: 'POST', body, signal: AbortSignal.timeout(longest) });
      if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
      results.push((await response.json()) as Result);
    } catch (error) {
      results.push({ about, name, outcome: 'failed', reason: String(error).replaceAll(/\s+/g, ' ').slice(0, 500) });
    }
  }
  return results;
}
