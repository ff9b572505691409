import { spawn } from 'node:child_process';

/** A process that was started here, and that is ended here. */
export interface Child {
  readonly pid: number | undefined;
  /** Resolves with its exit status when it has ended: 0 only where it ended well, by itself. */
  readonly ended: Promise<number>;
  /** All that it has written so far. */
  output(): string;
  /** The first line that it writes. @throws Error where it ends without one. */
  firstLine(): Promise<string>;
  stop(): Promise<void>;
}

/** What there is to say about a process. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process in a group of its own, so that stopping it also stops what it has started. */
export function start(command: string, parameters: readonly string[], { cwd, env }: ChildOptions = {}): Child {
  const child = spawn(command, parameters, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
  });
  let output = '';
  let tell: ((line: string) => void) | undefined;
  const firstLine = new Promise<string>((resolve) => (tell = resolve));
  const read = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-100_000);
    const end = output.indexOf('\n');
    if (end !== -1) tell?.(output.slice(0, end));
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += String(error);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  return {
    pid: child.pid,
    ended,
    output: () => output,
    async firstLine() {
      const line = await Promise.race([firstLine, ended]);
      if (typeof line === 'string') return line;
      throw new Error(`it ended at once: ${output}`);
    },
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {
          // It has just ended by itself.
        }
      }
      await ended;
    },
  };
}

/** Runs a process to its end. @throws Error with what it wrote, when it fails or takes longer than `timeout` milliseconds. */
export async function runToEnd(
  command: string,
  parameters: readonly string[],
  timeout: number,
  options?: ChildOptions,
): Promise<string> {
  const child = start(command, parameters, options);
  const status = await Promise.race([child.ended, after(timeout)]);
  await child.stop();
  if (status === 0) return child.output();
  const reason = status === undefined ? `took longer than ${timeout / 1_000} s` : `ended with status ${status}`;
  throw new Error(`${command} ${reason}: ${child.output().trim().slice(-500)}`);
}

/** Waits, and keeps no process up. */
export function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}
