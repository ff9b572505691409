import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Run {
  /** The arguments of Node. */
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** In milliseconds: then it ends, with all processes that it has started. */
  readonly limit: number;
}

/** Runs Node. Returns what it wrote, and whether it had to be ended. */
export async function runNode(run: Run): Promise<{ readonly output: string; readonly ended: boolean }> {
  const { parameters, cwd, env, limit } = run;
  const child = spawn(process.execPath, parameters, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  let ended = false;
  const end = (): void => {
    ended = true;
    endGroup(child.pid);
  };
  const timer = setTimeout(end, limit);
  process.once('exit', end);
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
    process.off('exit', end);
    // Processes that the tests have left behind.
    endGroup(child.pid);
  }
  return { output, ended };
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
