import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const program: string = fileURLToPath(new URL('../src/tokenline.ts', import.meta.url));
const cache = new URL('../node_modules/.cache/compiled/', import.meta.url);
/** A command that hangs fails its test, however busy the machine is. */
const longest = 120_000;

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

/** The environment of a user who has nothing special. */
export function environment(more: Surroundings['env'] = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  // What a user has on its second run: the machine has other things to do.
  return { PATH, HOME, NODE_COMPILE_CACHE: fileURLToPath(cache), ...more };
}

/** A command that runs: its outcome, when it has ended. */
export type Running = Promise<Outcome> & { readonly child: ChildProcess };

/** Runs the command in a process of its own. */
export function tokenline(args: readonly string[], { env, stdin = '' }: Surroundings = {}): Running {
  const child = spawn(process.execPath, [program, ...args], { env: environment(env), timeout: longest });
  child.stdin.on('error', () => {}).end(stdin);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, ...output }));
  });
  return Object.assign(outcome, { child });
}
