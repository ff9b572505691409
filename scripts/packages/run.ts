import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

interface Output {
  readonly failed: boolean;
  readonly text: string;
}

/** Runs a command to its end, and gives all that it wrote. */
export async function outputOf(cwd: string, command: string, ...parameters: readonly string[]): Promise<Output> {
  // The settings of pnpm and of the tests of this workspace are not those of a user.
  const { NODE_OPTIONS: _, NODE_ENV: __, ...inherited } = process.env;
  const entries = Object.entries(inherited).filter(([name]) => !/^npm_/i.test(name));
  const env = Object.fromEntries(entries);
  try {
    const { stdout, stderr } = await execute(command, parameters, { cwd, env, maxBuffer: 2 ** 26, timeout: 600_000 });
    return { failed: false, text: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { failed: true, text: `${stdout}${stderr}` || String(error) };
  }
}

/** Runs a command. @throws Error with all that it wrote, if it fails. */
export async function run(cwd: string, command: string, ...parameters: readonly string[]): Promise<string> {
  const { failed, text } = await outputOf(cwd, command, ...parameters);
  if (failed) throw new Error(`${command} ${parameters.join(' ')} failed in ${cwd}:\n${text}`);
  return text;
}

/** Installs packages in a folder, as a user does. */
export async function install(folder: string, ...packages: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  await run(folder, 'npm', 'install', '--prefix', folder, '--prefer-offline', ...quiet, ...packages);
}
