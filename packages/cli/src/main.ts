import { run } from './command-line.ts';
import { endQuietlyWithTheReader, interruption } from './process.ts';

/** Runs the command that the process was started with. */
export async function main(): Promise<void> {
  endQuietlyWithTheReader(process.stdout, process.stderr);
  process.exitCode = await interruption((signal) => run(process.argv, signal));
}
