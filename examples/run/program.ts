import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a program ended. */
export interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  /** Which one of its `package.json`. @defaultValue `start`, the one command of every example */
  readonly script?: string;
  /** Is called with what it writes. @defaultValue nothing */
  readonly show?: (text: string) => void;
}

/** A script of an installed example, in a process of its own. */
export class Program implements AsyncDisposable {
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;
  #output = '';
  #heard: () => void = () => {};

  constructor(folder: string, env: Readonly<Record<string, string>>, options: ProgramOptions = {}) {
    const { script = 'start', show = () => {} } = options;
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const { PATH = '', HOME = '' } = process.env;
    const path = [join(folder, 'node_modules/.bin'), PATH].join(delimiter);
    // As `npm run` does it, without a process in between that a signal has to pass.
    const variables = { PATH: path, HOME, NEXT_TELEMETRY_DISABLED: '1', ...env };
    this.#child = spawn('sh', ['-c', `exec ${scripts[script]}`], { cwd: folder, env: variables });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk) => {
        this.#output += chunk;
        show(String(chunk));
        this.#heard();
      });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (status, signal) => resolve({ status, signal }));
    });
  }

  /** All that it has written so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it has written this. @throws Error with all that it wrote, if it ends without. */
  async wrote(pattern: RegExp): Promise<string> {
    const ended = this.ended.then(() => true);
    for (;;) {
      const [found] = pattern.exec(this.#output) ?? [];
      if (found !== undefined) return found;
      const heard = new Promise<false>((resolve) => (this.#heard = () => resolve(false)));
      if ((await Promise.race([ended, heard])) && !pattern.test(this.#output))
        throw new Error(`The program has ended without ${pattern}:\n${this.#output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as an orchestrator does. */
  stop(): Promise<Exit> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
